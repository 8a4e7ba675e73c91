import type { ErrorCode } from "../../errors.ts";
import type { ThreadEvent } from "../../events/types.ts";
import { limits } from "../../limits.ts";
import { waitingOf } from "../approvals/decisions.ts";
import type { House } from "../house.ts";
import { noteTurn } from "../notes.ts";
import { titleOf } from "../prompt.ts";
import type { EndReason } from "./next.ts";
import type { Setups } from "./setup.ts";
import { noResult } from "./transcript.ts";
import type { Turn } from "./types.ts";

type EndEvent = Extract<ThreadEvent, { type: "turn.suspended" | "turn.finished" | "turn.failed" }>;
interface Used {
  model: string;
  inputTokens: number | null;
  outputTokens: number | null;
}

const interruptedText = "This answer was interrupted and could not be taken up again. Please ask once more.";

/** How a turn ends: its state, its last events and what becomes of what was left are written down in one go. */
export class Ending {
  readonly #house: House;
  readonly #setups: Setups;

  constructor(house: House, setups: Setups) {
    this.#house = house;
    this.#setups = setups;
  }

  async end(turn: Turn, reason: EndReason): Promise<void> {
    if (reason === "interrupted") return this.fail(turn, "model.failed", interruptedText);
    const { recorder, approvals } = this.#house;
    const used = await this.#used(turn);
    if (reason === "stopped") this.#close(turn, "Stopped.");
    if (reason === "stopped" || reason === "steps") {
      const text =
        reason === "stopped"
          ? `Stopped by ${turn.principalName}. What was done stays.`
          : `I stopped after ${limits.turn.maxSteps} steps. Say “go on” if I should continue.`;
      recorder.of(turn, { type: "notice", level: "info", code: null, text });
    }
    if (reason === "finished" && !this.#lastWords(turn))
      recorder.of(turn, { type: "notice", level: "info", code: null, text: this.#ownWords(turn) });
    const waiting = waitingOf(approvals.inState("pending"), turn).map((row) => row.id);
    const event: EndEvent =
      waiting.length > 0 ? { type: "turn.suspended", approvals: waiting } : { type: "turn.finished", ...used };
    this.#over(turn, event);
    await this.note(turn, used);
  }

  async fail(turn: Turn, code: ErrorCode, text: string): Promise<void> {
    const used = await this.#used(turn);
    this.#close(turn, "Its turn failed.");
    this.#over(turn, { type: "turn.failed", code, text });
    await this.note(turn, used);
  }

  #over(turn: Turn, event: EndEvent): void {
    const { turns, recorder, now } = this.#house;
    const state = ({ "turn.suspended": "suspended", "turn.finished": "finished", "turn.failed": "failed" } as const)[
      event.type
    ];
    if (!turns.end(turn.seq, state)) return;
    recorder.of(turn, event);
    // What was approved and did not begin is not run any more.
    if (turn.cause === "decision") this.#house.approvals.move(turn.body, "approved", "expired");
    // What came too late for a step is asked in a turn of its own.
    for (const late of turns.steersOf(turn.seq).filter((one) => one.at === null)) {
      turns.removeSteer(late.id);
      turns.addMessage(late.body, { title: titleOf(late.body.text), missed: false, at: now() });
    }
  }

  async #used(turn: Turn): Promise<Used> {
    const { steps } = this.#house.turns.record(turn);
    const sum = (of: "inputTokens" | "outputTokens") => {
      const known = steps.map((step) => step[of]).filter((tokens) => tokens !== null);
      return known.length === 0 ? null : known.reduce((total, tokens) => total + tokens, 0);
    };
    const setup = await this.#setups.known(turn);
    return {
      model: setup?.choice.label ?? "",
      inputTokens: sum("inputTokens"),
      outputTokens: sum("outputTokens"),
    };
  }

  /** Whether there is something to read at its end. */
  #lastWords(turn: Turn): boolean {
    const parts = this.#house.turns.lastStep(turn.seq)?.parts ?? [];
    return parts.some((part) => part.type === "text" && part.text.trim() !== "");
  }

  /** What is said in the place of an answer that is empty. */
  #ownWords(turn: Turn): string {
    const did = turn.cause === "decision" || this.#house.turns.record(turn).calls.length > 0;
    return did ? "That was all; the model had nothing to add." : "The model answered with nothing. Ask once more.";
  }

  /** Its person's Kernel is told until it knows; a Kernel that does not answer holds nobody up. `used`: null when it never began. */
  async note(turn: Turn, used: Used | null): Promise<void> {
    const { turns } = this.#house;
    const told = noteTurn(this.#house, turn, used).then(({ known }) => {
      if (known) turns.noted(turn.seq);
    });
    // Taken back when it is told: a timer that is left keeps the object awake.
    const late = new AbortController();
    const waited = scheduler.wait(limits.turn.maxNoteMs, { signal: late.signal }).catch(() => undefined);
    await Promise.race([told, waited]);
    late.abort();
  }

  /** Ends that a crash kept from being told. */
  async noteLeft(): Promise<void> {
    for (const turn of this.#house.turns.notNoted(limits.turn.maxInPrompt))
      await this.note(turn, turn.state === "withdrawn" ? null : await this.#used(turn));
  }

  /** Whatever of a turn is still open will not report any more. */
  #close(turn: Turn, detail: string): void {
    const { turns, recorder } = this.#house;
    for (const call of turns.record(turn).calls) {
      if (call.state === "pending" || call.state === "running")
        turns.moveCall(call, call.state, { state: "ended", output: noResult });
    }
    for (const task of this.#openTasks(turn))
      recorder.of(turn, { type: "task.finished", task, outcome: "interrupted", detail, code: "tool.interrupted" });
  }

  /** After a crash: what was asked from within a call has no call of its own that would come back to it. */
  closeNested(turn: Turn, detail: string): void {
    const { turns, recorder } = this.#house;
    const own = new Set(turns.record(turn).calls.map((call) => call.id));
    const decided = turn.cause === "decision" ? this.#house.approvals.get(turn.body)?.call : undefined;
    for (const task of this.#openTasks(turn)) {
      if (own.has(task) || task === decided) continue;
      recorder.of(turn, { type: "task.finished", task, outcome: "interrupted", detail, code: "tool.interrupted" });
    }
  }

  #openTasks(turn: Turn): Set<string> {
    const open = new Set<string>();
    for (const { event } of this.#house.events.ofTurn(turn.id, limits.turn.maxEvents)) {
      if (event.type === "task.started") open.add(event.task);
      if (event.type === "task.finished") open.delete(event.task);
    }
    return open;
  }
}
