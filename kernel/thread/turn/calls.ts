import { matches } from "../../approvals/subject.ts";
import type { Approval } from "../../approvals/types.ts";
import { type ErrorShape, KernelError, outcome, type Outcome } from "../../errors.ts";
import type { ThreadEvent } from "../../events/types.ts";
import type { TurnId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { log } from "../../log.ts";
import { kernelStub } from "../../stubs.ts";
import type { Json } from "../../tools/types.ts";
import type { ToolCall, ToolReply } from "../../user/types.ts";
import type { House } from "../house.ts";
import type { Setups } from "./setup.ts";
import type { Call, Turn } from "./types.ts";

/** What the model reads of an error: code and message, nothing of the inside. */
export const errorOutput = (error: ErrorShape): Json => ({ error: { code: error.code, message: error.userMessage } });

export interface CallsDeps {
  house: House;
  setups: Setups;
  /** A call has ended: what was asked from within it ends too. */
  ended(call: string): void;
}

/** Runs calls in the Kernel of the turn's person, and writes down what came of them. */
export class Calls {
  readonly #deps: CallsDeps;
  /** Calls that run now, by their turn. */
  readonly #open = new Map<TurnId, Set<string>>();

  constructor(deps: CallsDeps) {
    this.#deps = deps;
  }

  openCalls(turn: TurnId): ReadonlySet<string> {
    return this.#open.get(turn) ?? new Set();
  }

  /** Ends what runs for a turn. */
  cancel(turn: Turn): void {
    for (const call of this.openCalls(turn.id)) {
      this.#deps.ended(call);
      void kernelStub(this.#deps.house.env, turn.principal)
        .cancelTool(turn.id, call)
        .catch((thrown: unknown) => log.warn("thread: a call could not be stopped", { call, thrown }));
    }
  }

  /**
   * Runs a call of a turn to its end. A call that a crash cut off is asked for again: the Kernel answers with what it did,
   * with `tool.interrupted`, or runs it if it never came there.
   */
  async run(turn: Turn, call: Call): Promise<void> {
    const { house } = this.#deps;
    const approval = call.approval === null ? null : house.approvals.get(call.approval);
    const task = approval?.call ?? call.id;
    const made = await outcome(() => this.#made(turn, call, approval, task));
    let reply: Outcome<ToolReply>;
    if (!made.ok) reply = made;
    // Its turn is to end, and closes it.
    else if (made.value === null) return;
    else reply = await this.#ask(turn, made.value);
    const output = reply.ok ? reply.value.output : errorOutput(reply.error);
    // False: its turn was stopped meanwhile and has closed it. What the tool did all the same is still told.
    const ended = { state: "ended", output } as const;
    const first = house.turns.moveCall(call, "running", ended) || house.turns.moveCall(call, "pending", ended);
    this.#tell(turn, task, reply, first);
  }

  /** What its Kernel is asked for; from here on it is running. Null when it is not to be run any more. */
  async #made(turn: Turn, call: Call, approval: Approval | null, task: string): Promise<ToolCall | null> {
    const { turns, approvals } = this.#deps.house;
    const changed = call.approval !== null && !(approval && (await matches(approval)));
    const { eyes } = await this.#deps.setups.of(turn);
    // From here to the rows in one go: Stop may have come meanwhile, and have closed it.
    if (turns.get(turn.id)?.stop !== false || !turns.isOpen(call)) return null;
    const begins = turns.moveCall(call, "pending", { state: "running" });
    if (changed || (begins && approval && !approvals.move(approval.id, "approved", "used")))
      throw new KernelError("approval.changed", "What was approved is not what would run. Ask again.");
    const subject = approval?.subject ?? { input: call.input, pinned: null };
    return this.toolCall(turn, {
      tool: call.tool,
      input: subject.input,
      call: task,
      pinned: subject.pinned,
      answer: approval?.answer ?? null,
      eyes,
    });
  }

  toolCall(turn: Turn, given: Pick<ToolCall, "tool" | "input" | "call" | "pinned" | "answer" | "eyes">): ToolCall {
    return { ...given, thread: this.#deps.house.id, turn: turn.id, userName: turn.principalName };
  }

  /** Runs a call that is no call of the model's, but of a tool's. */
  async nested(turn: Turn, call: ToolCall): Promise<Outcome<ToolReply>> {
    const reply = await this.#ask(turn, call);
    this.#tell(turn, call.call, reply, this.#deps.house.turns.get(turn.id)?.state === "running");
    return reply;
  }

  /** Asks the Kernel, again where it could not be asked, until the turn is to stop or it was asked often enough. */
  async asked<T>(turn: Turn, call: ToolCall, ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const { turns } = this.#deps.house;
    for (let tries = 1; ; tries++) {
      if (turns.get(turn.id)?.stop !== false) {
        const stopped = new KernelError("tool.interrupted", "It was stopped before it ran.");
        return { ok: false, error: stopped.toShape() };
      }
      try {
        return await ask();
      } catch (thrown) {
        log.warn("thread: the Kernel could not be asked for a call", { call: call.call, tries, thrown });
        if (tries >= limits.turn.maxCallTries) {
          const failed = new KernelError("tool.failed", `${call.tool} failed inside Deckhand.`, { cause: thrown });
          return { ok: false, error: failed.toShape() };
        }
        await scheduler.wait(250 * 4 ** tries);
      }
    }
  }

  /** Runs it in the Kernel, whose ledger sees to it that nothing runs twice, however often it is asked. */
  async #ask(turn: Turn, call: ToolCall): Promise<Outcome<ToolReply>> {
    const { recorder, env } = this.#deps.house;
    const open = this.#open.get(turn.id) ?? new Set<string>();
    this.#open.set(turn.id, open.add(call.call));
    let over = false;
    const heard = (line: string, events: ThreadEvent[], first: number) => {
      // What comes after the end of a task would open it again in the chat.
      if (line !== "" && !over) recorder.progress(turn, call.call, line);
      for (const [n, event] of events.entries()) recorder.once(turn, factKey(call, first + n), event);
    };
    try {
      return await this.asked(turn, call, () => kernelStub(env, turn.principal).runTool(call, heard));
    } finally {
      over = true;
      recorder.taskEnded(call.call);
      open.delete(call.call);
      if (open.size === 0) this.#open.delete(turn.id);
      this.#deps.ended(call.call);
    }
  }

  #tell(turn: Turn, task: string, reply: Outcome<ToolReply>, finishes: boolean): void {
    const { recorder, sights, turns } = this.#deps.house;
    if (!reply.ok) {
      const { code, userMessage } = reply.error;
      const interrupted = code === "tool.interrupted";
      const outcomeOf = interrupted ? "interrupted" : "error";
      // What the model is told to do about it is not for people.
      const detail = interrupted ? (turns.get(turn.id)?.stop ? "Stopped." : byRestart) : userMessage;
      if (finishes) recorder.of(turn, { type: "task.finished", task, outcome: outcomeOf, detail, code });
      return;
    }
    const { detail, sandbox, events, numbers } = reply.value;
    if (finishes) {
      for (const seen of reply.value.sights) sights.add({ turn: turn.id, user: turn.principal, ...seen });
      const ran = sandbox === undefined ? {} : { sandbox };
      recorder.of(turn, { type: "task.finished", task, outcome: "ok", detail, code: null, ...ran });
    }
    for (const [n, event] of events.entries())
      recorder.once(turn, factKey({ turn: turn.id, call: task }, numbers[n] ?? n), event);
  }
}

/** A task that Stop ends has been closed by then; what is left was cut off. */
export const byRestart = "Interrupted by a restart before a result was recorded.";

/** What a call tells is numbered by the Kernel that runs it. */
const factKey = ({ turn, call }: Pick<ToolCall, "turn" | "call">, n: number): string => `${turn} ${call} ${n}`;
