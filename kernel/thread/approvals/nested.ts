import { matches } from "../../approvals/subject.ts";
import type { Approval } from "../../approvals/types.ts";
import { KernelError, outcome, type Outcome } from "../../errors.ts";
import { log } from "../../log.ts";
import type { NestedCall } from "../../stubs.ts";
import { toolByName } from "../../tools/index.ts";
import type { ToolReply } from "../../user/types.ts";
import type { House } from "../house.ts";
import { noteTurn } from "../notes.ts";
import type { Whose } from "../recorder.ts";
import type { Calls } from "../turn/calls.ts";
import type { Turn } from "../turn/types.ts";
import { whisper } from "../whisper.ts";
import { detailOf, mayAsk, type NestedEnd, refusalOf } from "./nested-decide.ts";
import type { Requests } from "./requests.ts";

interface Waiting {
  row: Approval;
  turn: Turn;
  resolve(ending: NestedEnd): void;
}

export interface NestedDeps {
  house: House;
  calls: Calls;
  requests: Requests;
}

/**
 * Calls that a person must consent to, asked from within another call: by a program, or by a command in the computer.
 * The card is the usual one; who waits is the open call, in memory only. So whatever takes that call away (its end, Stop,
 * a restart) takes the request with it, and nothing runs.
 */
export class Nested {
  readonly #deps: NestedDeps;
  /** By the id of the call that waits. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(deps: NestedDeps) {
    this.#deps = deps;
  }

  /** Asks, waits, and runs it when it was approved: exactly what the card showed. */
  call(given: NestedCall): Promise<Outcome<ToolReply>> {
    return outcome(async () => {
      const { house, calls, requests } = this.#deps;
      const turn = house.turns.get(given.turn);
      const refused = mayAsk(given, turn, calls.openCalls(given.turn));
      if (refused) throw refused;
      const definition = toolByName(given.tool);
      if (!turn || !definition?.consent) throw new KernelError("tool.unknown", `${given.tool} asks nobody.`);
      const title = definition.title(definition.input.parse(given.input));
      house.recorder.of(turn, { type: "task.started", task: given.call, tool: given.tool, title, detail: "" });
      const { call, input, parent, maxWaitMs } = given;
      const expiresAt = house.now() + maxWaitMs;
      const gone = () => mayAsk(given, house.turns.get(given.turn), calls.openCalls(given.turn));
      const row = await requests.askNested(turn, given.tool, input, call, { parent, expiresAt, gone });
      const ending = await this.#wait(row, turn, maxWaitMs);
      const error = refusalOf(ending);
      if (error) throw error;
      return this.#run(given, turn, row);
    });
  }

  async #run(given: NestedCall, turn: Turn, asked: Approval): Promise<ToolReply> {
    const { house, calls } = this.#deps;
    // Its decider may have changed it.
    const row = house.approvals.get(asked.id);
    const held = row !== null && (await matches(row));
    // Stop may have come with the decision.
    const late = mayAsk(given, house.turns.get(given.turn), calls.openCalls(given.turn));
    if (late) throw late;
    if (!row || !held || !house.approvals.move(row.id, "approved", "used"))
      throw new KernelError("approval.changed", "What was approved is not what would run. Ask again.");
    const { tool, input, pinned } = row.subject;
    const { call } = given;
    const reply = await calls.nested(
      turn,
      calls.toolCall(turn, { tool, input, pinned, call, answer: row.answer, eyes: false }),
    );
    if (!reply.ok) throw KernelError.from(reply.error);
    return reply.value;
  }

  async #wait(row: Approval, turn: Turn, maxWaitMs: number): Promise<NestedEnd> {
    const { house, calls } = this.#deps;
    const { promise, resolve } = Promise.withResolvers<NestedEnd>();
    this.#waiting.set(row.call, { row, turn, resolve });
    const timer = setTimeout(() => this.#expire(row.call, { end: "expired" }), maxWaitMs);
    try {
      // The one who asked may have gone while the card was made.
      const open = calls.openCalls(turn.id);
      if (row.card.program === undefined || !open.has(row.card.program)) this.end(row.call);
      void noteTurn(house, turn, null);
      void this.#tellQueued(turn);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(row.call);
      void noteTurn(house, turn, null);
    }
  }

  /** Whether a program of this turn waits for its person. */
  waits(turn: Turn): boolean {
    for (const one of this.#waiting.values()) if (one.turn.id === turn.id) return true;
    return false;
  }

  /** People who have asked something here meanwhile are told what it stands behind. */
  async #tellQueued(turn: Turn): Promise<void> {
    const { house } = this.#deps;
    const others = house.turns.allOpen(20).filter((one) => one.principal !== turn.principal);
    for (const one of others)
      await whisper(house, { id: one.principal, name: one.principalName }, behind("Your message", turn.principalName));
  }

  /** A person has decided; it is written down already. */
  decided(row: Approval, ending: NestedEnd): void {
    const waiting = this.#waiting.get(row.call);
    if (!waiting) return;
    if (ending.end === "denied") this.#finish(waiting.turn, row.call, ending);
    waiting.resolve(ending);
  }

  /** The card's own time is over. */
  expired(row: Approval): void {
    if (this.#waiting.has(row.call)) this.#expire(row.call, { end: "expired" });
    else this.#withdraw(row);
  }

  /** What asked has ended: a call by its own id, or all that were asked from within one. At once, and nothing runs. */
  end(call: string): void {
    for (const [id, { row }] of this.#waiting)
      if (id === call || row.card.program === call) this.#expire(id, { end: "gone" });
  }

  #expire(call: string, ending: NestedEnd): void {
    const { approvals, recorder } = this.#deps.house;
    const waiting = this.#waiting.get(call);
    if (!waiting) return;
    const { row, turn } = waiting;
    if (approvals.move(row.id, "pending", "expired")) {
      this.#finish(turn, call, ending);
      recorder.of(turn, { type: "approval.expired", approval: row.id });
      waiting.resolve(ending);
    }
  }

  #finish(turn: Whose, task: string, ending: NestedEnd): void {
    const outcomeOf = ending.end === "denied" ? "denied" : "interrupted";
    const code = ending.end === "denied" ? "approval.denied" : "approval.expired";
    const detail = detailOf(ending);
    this.#deps.house.recorder.of(turn, { type: "task.finished", task, outcome: outcomeOf, detail, code });
  }

  /** After a restart nobody waits any more: what was asked is withdrawn, also what was approved and had not begun. */
  withdrawAll(): void {
    for (const state of ["pending", "approved"] as const) {
      for (const row of this.#deps.house.approvals.inState(state)) {
        if (row.card.program !== undefined && !this.#waiting.has(row.call)) this.#withdraw(row);
      }
    }
  }

  #withdraw(row: Approval): void {
    const { approvals, recorder } = this.#deps.house;
    if (!approvals.move(row.id, row.state, "expired")) return;
    const turn = { id: row.turn, principal: row.card.requester };
    this.#finish(turn, row.call, { end: "gone" });
    recorder.of(turn, { type: "approval.expired", approval: row.id });
    log.info("thread: a request was withdrawn, what asked is gone", { approval: row.id });
  }
}

/** What a person reads whose question has to wait for somebody else's decision. */
export const behind = (what: "Your message" | "Your decision", name: string): string =>
  `${what} is taken and comes next: a program of ${name} is still running here and waits for their decision on the card above.`;
