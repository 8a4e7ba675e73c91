import { KernelError } from "../../errors.ts";
import type { ErrorCode } from "../../errors.ts";
import { limits } from "../../limits.ts";
import { log } from "../../log.ts";
import { modelError } from "../../models/errors.ts";
import { chooseComputer } from "../../sandbox/computer/decide.ts";
import { toolByName } from "../../tools/index.ts";
import { waitingOf } from "../approvals/decisions.ts";
import type { Requests } from "../approvals/requests.ts";
import type { Context } from "../context.ts";
import type { House } from "../house.ts";
import type { Begin } from "./begin.ts";
import type { Calls } from "./calls.ts";
import type { Ending } from "./ending.ts";
import { modelStep } from "./model-step.ts";
import { next, type Next } from "./next.ts";
import type { PromptMessages } from "./prompt-messages.ts";
import type { Setups } from "./setup.ts";
import { systemPrompt, titleOf } from "../prompt.ts";
import { withPictures } from "./pictures.ts";
import { taskTitle } from "./tasks.ts";
import type { Turn } from "./types.ts";

export interface MachineDeps {
  house: House;
  setups: Setups;
  context: Context;
  prompt: PromptMessages;
  calls: Calls;
  requests: Requests;
  begin: Begin;
  ending: Ending;
  /** Keeps the object awake while `work` goes on. */
  background(work: Promise<unknown>): void;
}

const asks = (tool: string): boolean => toolByName(tool)?.consent !== undefined;

/**
 * Drives the turns of a thread: one at a time, in order, each by what {@link next} says of its rows. It holds nothing that
 * a turn depends on, so that waking is always the same: {@link kick}.
 */
export class Machine {
  readonly #deps: MachineDeps;
  #running = false;
  #again = false;
  /** What ends the effect that is going on, by the turn that it is of. */
  readonly #stops = new Map<number, AbortController>();

  constructor(deps: MachineDeps) {
    this.#deps = deps;
  }

  /** There may be something to do. */
  kick(): void {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    this.#deps.background(this.#run());
  }

  /** A turn's rows say that it is to end: what goes on for it is broken off. */
  stop(turn: Turn): void {
    this.#stops.get(turn.seq)?.abort();
    this.#deps.calls.cancel(turn);
  }

  async #run(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#all();
      }
    } finally {
      // In one go with the look at what came meanwhile.
      this.#running = false;
    }
  }

  /** Drives what is open until nothing is. */
  async #all(): Promise<void> {
    const { house, begin } = this.#deps;
    let moves = 0;
    let at = 0;
    for (let turn = house.turns.open(); turn; turn = house.turns.open()) {
      // On disk before the effect: who finds this turn after a crash.
      house.wake.within(limits.turn.wakeMs);
      moves = turn.seq === at ? moves + 1 : 0;
      at = turn.seq;
      try {
        if (moves > limits.turn.maxMoves) throw new KernelError("internal", "This turn went round in circles.");
        begin.again(turn);
        await this.#do(turn, this.#next(turn));
      } catch (thrown) {
        log.error("thread: a turn failed", { thread: house.id, turn: turn.id, thrown });
        const failure = KernelError.wrap(thrown, "internal", "Something failed inside Deckhand. Please ask again.");
        await this.#fail(turn, failure.code, failure.userMessage).catch((again: unknown) => {
          // Nothing can be written down: the alarm comes back to it.
          log.error("thread: a turn could not be ended", { thread: house.id, turn: turn.id, thrown: again });
          moves = Infinity;
        });
        if (moves === Infinity) return;
      }
    }
  }

  #next(turn: Turn): Next {
    const { turns, approvals } = this.#deps.house;
    const step = turn.state === "queued" ? null : turns.lastStep(turn.seq);
    const calls = step?.state === "done" && hasCalls(step.parts) ? turns.callsOf(turn.seq, step.n) : [];
    const waiting = waitingOf(approvals.inState("pending"), turn).length;
    return next({ ...turn, step, calls, waiting, asks });
  }

  async #do(turn: Turn, move: Next): Promise<void> {
    switch (move.do) {
      case "begin":
        return this.#deps.begin.begin(turn);
      case "callModel":
        return this.#callModel(turn, move.step);
      case "runCalls":
        return this.#runCalls(turn, move.calls);
      case "ask":
        return this.#ask(turn, move.call);
      case "end":
        return this.#deps.ending.end(turn, move.reason);
      case "nothing":
        return undefined;
    }
  }

  async #callModel(turn: Turn, n: number): Promise<void> {
    const { house, setups, context, prompt } = this.#deps;
    const setup = await setups.of(turn);
    await context.fetch(turn);
    const pictures = setup.eyes ? await context.pictures(turn) : [];
    await this.#stoppable(turn, async (signal) => {
      house.turns.beginStep(turn.seq, n);
      this.#takeSteers(turn, n);
      const messages = withPictures(prompt.of(house.turns.get(turn.id) ?? turn), pictures);
      const system = systemPrompt(turn, turn.at, chooseComputer(house.env));
      const onText = (part: number, text: string) => house.recorder.write(turn, n, part, text);
      const came = await modelStep({ setup, system, messages, signal, onText });
      const answer = came.answer;
      const texts = answer.parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
      const calls = house.turns.finishStep(turn.seq, n, answer);
      house.recorder.texts(turn, n, texts);
      for (const call of calls) if (call.state === "pending") house.recorder.of(turn, started(call));
      if (came.end !== "failed") return;
      const failure = modelError(came.error, setup.choice);
      await this.#fail(turn, failure.code, failure.userMessage);
    });
  }

  /** What came since the last step is taken now, and shown as taken. */
  #takeSteers(turn: Turn, n: number): void {
    const { turns, recorder } = this.#deps.house;
    for (const one of turns.takeSteers(turn.seq, n)) {
      const text = `Taken into account: “${titleOf(one.body.text)}”`;
      recorder.of(turn, { type: "notice", level: "info", code: null, text });
    }
  }

  async #runCalls(turn: Turn, ids: readonly string[]): Promise<void> {
    const { house, calls } = this.#deps;
    const n = house.turns.lastStep(turn.seq)?.n ?? 0;
    const mine = house.turns.callsOf(turn.seq, n).filter((call) => ids.includes(call.id));
    await this.#stoppable(turn, (signal) => {
      const all = Promise.all(mine.map((call) => calls.run(turn, call)));
      // Stop waits for none of them: each is told, and what it does all the same is still heard.
      return Promise.race([all, aborted(signal)]);
    });
  }

  async #ask(turn: Turn, id: string): Promise<void> {
    const { house, requests } = this.#deps;
    const n = house.turns.lastStep(turn.seq)?.n ?? 0;
    const call = house.turns.callsOf(turn.seq, n).find((one) => one.id === id);
    // Stop does not wait for the card to be made: it is not shown then.
    if (call) await this.#stoppable(turn, (signal) => Promise.race([requests.ask(turn, call), aborted(signal)]));
  }

  async #stoppable(turn: Turn, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const { turns } = this.#deps.house;
    const controller = new AbortController();
    this.#stops.set(turn.seq, controller);
    try {
      // Stop may have come while this was prepared.
      if (turns.get(turn.id)?.stop === false) await work(controller.signal);
    } finally {
      this.#stops.delete(turn.seq);
    }
  }

  #fail(turn: Turn, code: ErrorCode, text: string): Promise<void> {
    return this.#deps.ending.fail(turn, code, text);
  }
}

const hasCalls = (parts: readonly { type: string }[]): boolean => parts.some((part) => part.type === "call");

const started = (call: { id: string; tool: string; input: unknown }) =>
  ({ type: "task.started", task: call.id, tool: call.tool, title: taskTitle(call), detail: "" }) as const;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
