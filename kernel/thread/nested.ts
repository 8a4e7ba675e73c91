import type { Approval } from "../approvals/types.ts";
import { KernelError, outcome, type Outcome } from "../errors.ts";
import { log } from "../log.ts";
import type { NestedCall } from "../stubs.ts";
import { toolByName } from "../tools/index.ts";
import type { ToolReply } from "../user/types.ts";
import type { House } from "./house.ts";
import { detailOf, mayAsk, type NestedEnd, refusalOf } from "./nested-decide.ts";
import { noteTurn } from "./notes.ts";
import type { Toolset } from "./toolset.ts";
import type { Turn } from "./turns.ts";

interface Waiting {
  row: Approval;
  turn: Turn;
  resolve(ending: NestedEnd): void;
}

/**
 * Calls that a person must consent to, asked from within another call: by a program, or by a command in the computer.
 * The card is the usual one; who waits is not Think but the open call, in memory only. So whatever takes that call away
 * (its end, Stop, a restart) takes the request with it, and nothing runs.
 */
export class Nested {
  readonly #house: House;
  readonly #toolset: Toolset;
  /** By the id of the call that waits. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(house: House, toolset: Toolset) {
    this.#house = house;
    this.#toolset = toolset;
  }

  /** Asks, waits, and runs it when it was approved: exactly what the card showed. */
  call(given: NestedCall): Promise<Outcome<ToolReply>> {
    return outcome(async () => {
      const house = this.#house;
      const turn = house.turns.get(given.turn);
      const refused = mayAsk(given, turn, this.#toolset.openCalls(given.turn));
      if (refused) throw refused;
      const definition = toolByName(given.tool);
      if (!turn || !definition?.consent) throw new KernelError("tool.unknown", `${given.tool} asks nobody.`);
      house.recorder.closeText(turn);
      const title = definition.title(definition.input.parse(given.input));
      house.recorder.of(turn, { type: "task.started", task: given.call, tool: given.tool, title, detail: "" });
      const { call, input, parent, maxWaitMs } = given;
      const row = await this.#toolset.request(turn, definition, input, call, {
        parent,
        expiresAt: house.now() + maxWaitMs,
      });
      const ending = await this.#wait(row, turn, maxWaitMs);
      const error = refusalOf(ending);
      if (error) throw error;
      // Stop may have come with the decision.
      const late = mayAsk(given, house.turns.get(given.turn), this.#toolset.openCalls(given.turn));
      if (late) throw late;
      const approved = await this.#toolset.approvedCall(turn, call);
      const reply = await this.#toolset.reply(turn, approved);
      if (!reply.ok) throw KernelError.from(reply.error);
      return reply.value;
    });
  }

  async #wait(row: Approval, turn: Turn, maxWaitMs: number): Promise<NestedEnd> {
    const { promise, resolve } = Promise.withResolvers<NestedEnd>();
    this.#waiting.set(row.call, { row, turn, resolve });
    const timer = setTimeout(() => this.#expire(row.call, { end: "expired" }), maxWaitMs);
    try {
      // The one who asked may have gone while the card was made.
      const open = this.#toolset.openCalls(turn.id);
      if (row.card.program === undefined || !open.has(row.card.program)) this.end(row.call);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(row.call);
      void noteTurn(this.#house, turn, null);
    }
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
    this.#expire(row.call, { end: "expired" });
  }

  /** What asked has ended: a call by its own id, or all that were asked from within one. At once, and nothing runs. */
  end(call: string): void {
    for (const [id, { row }] of this.#waiting)
      if (id === call || row.card.program === call) this.#expire(id, { end: "gone" });
  }

  #expire(call: string, ending: NestedEnd): void {
    const waiting = this.#waiting.get(call);
    if (!waiting) return;
    const { row, turn } = waiting;
    if (this.#house.approvals.move(row.id, "pending", "expired")) {
      this.#finish(turn, call, ending);
      this.#house.recorder.record({ type: "approval.expired", approval: row.id }, row.turn, row.card.requester);
      waiting.resolve(ending);
    }
  }

  #finish(turn: Turn, task: string, ending: NestedEnd): void {
    const outcomeOf = ending.end === "denied" ? "denied" : "interrupted";
    const code = ending.end === "denied" ? "approval.denied" : "approval.expired";
    const detail = detailOf(ending);
    this.#house.recorder.of(turn, { type: "task.finished", task, outcome: outcomeOf, detail, code });
  }

  /** After a restart nobody waits any more: what was asked is withdrawn, also what was approved and had not begun. */
  withdrawAll(): void {
    const { approvals, recorder } = this.#house;
    for (const state of ["pending", "approved"] as const) {
      for (const row of approvals.inState(state)) {
        if (row.card.program === undefined || this.#waiting.has(row.call)) continue;
        if (!approvals.move(row.id, state, "expired")) continue;
        recorder.record({ type: "approval.expired", approval: row.id }, row.turn, row.card.requester);
        log.info("thread: a request was withdrawn, what asked is gone", { approval: row.id });
      }
    }
  }
}
