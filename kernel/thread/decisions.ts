import { z } from "zod";
import { canonical } from "../approvals/canonical.ts";
import { decideApproval, type Verdict } from "../approvals/decide.ts";
import type { Approval } from "../approvals/types.ts";
import type { ChatAction, Principal } from "../chat/types.ts";
import { KernelError } from "../errors.ts";
import { TurnId } from "../ids.ts";
import { log } from "../log.ts";
import type { Json } from "../tools/types.ts";
import type { House } from "./house.ts";
import type { Nested } from "./nested.ts";
import type { NestedEnd } from "./nested-decide.ts";
import { named } from "./named.ts";
import { noteTurn } from "./notes.ts";
import type { Toolset } from "./toolset.ts";
import type { Turn } from "./turns.ts";
import { whisper } from "./whisper.ts";

/** What Think knows of a parked call. */
export interface Parking {
  /** Think's id of the parked call; null when it is not parked (any more). */
  find(call: string): Promise<string | null>;
  approve(execution: string): Promise<unknown>;
  reject(execution: string, reason: string, goOn: boolean): Promise<unknown>;
  /** Tells the model, as a message of its own turn, what came of a call whose parking is gone. */
  tell(turn: Turn, text: string): Promise<void>;
}

export interface DecisionDeps {
  house: House;
  toolset: Toolset;
  nested: Nested;
  parking: Parking;
  /** Makes a turn the current one while `work` runs outside of the model loop. */
  within<T>(turn: Turn, work: () => Promise<T>): Promise<T>;
  background(work: Promise<unknown>): void;
}

const deniedReason = (by: string) => `${by} denied this. Do not try it again unless you are asked to.`;

/** People's decisions on what waits for them: who may, once, written down first and then carried out. */
export class Decisions {
  #deps: DecisionDeps;
  #carrying = new Set<string>();

  constructor(deps: DecisionDeps) {
    this.#deps = deps;
  }

  async act(press: ChatAction): Promise<void> {
    const { approvals, now } = this.#deps.house;
    const row = approvals.get(press.subject);
    const ruling = decideApproval(row, press, row?.card.requesterName ?? "", now());
    if (!ruling.ok) {
      if (ruling.expired && row) await this.expire(row);
      return whisper(this.#deps.house, press.by, ruling.error.userMessage);
    }
    if (!row) return;
    if (ruling.verdict.decision === "revised") return this.#revise(row, press.by, ruling.verdict.input);
    const choice = ruling.verdict.decision === "answered" ? ruling.verdict.choice : null;
    const to = ruling.verdict.decision === "denied" ? "denied" : "approved";
    if (!approvals.move(row.id, "pending", to, { user: press.by.id, at: now(), answer: choice })) {
      return whisper(this.#deps.house, press.by, "This has already been decided.");
    }
    const by = await named(this.#deps.house, press.by);
    this.#announce(row, by, ruling.verdict);
    if (row.card.program !== undefined) return this.#deps.nested.decided(row, endOf(ruling.verdict, by));
    await this.#note(row);
    this.#deps.background(this.carryOut(row.id));
  }

  /** What {@link act} would do with a change, without doing it. @throws KernelError that says why it is not taken */
  async checkRevision(press: ChatAction): Promise<null> {
    const { approvals, now } = this.#deps.house;
    const row = approvals.get(press.subject);
    const ruling = decideApproval(row, press, row?.card.requesterName ?? "", now());
    if (!ruling.ok) throw ruling.error;
    if (row && ruling.verdict.decision === "revised") await this.#revised(row, ruling.verdict.input);
    return null;
  }

  async #revised(row: Approval, text: string): Promise<Approval> {
    const { house, toolset } = this.#deps;
    const turn = decisionTurn(row, house.now());
    return this.#deps.within(turn, () => toolset.revise(row, z.json().parse(JSON.parse(text))));
  }

  /** What waits for the person has changed. */
  async #note(row: Approval): Promise<void> {
    const { house } = this.#deps;
    const turn = house.turns.get(decisionTurn(row, 0).id) ?? house.turns.get(row.turn);
    if (turn) await noteTurn(house, turn, null);
  }

  async #revise(row: Approval, by: Principal, text: string): Promise<void> {
    const { house } = this.#deps;
    try {
      const revised = await this.#revised(row, text);
      if (!house.approvals.revise(revised)) return await whisper(house, by, "This has already been decided.");
      house.recorder.record({ type: "approval.revised", card: revised.card }, row.turn, row.card.requester);
      await this.#note(row);
    } catch (thrown) {
      const error = KernelError.wrap(thrown, "input.invalid", "That change could not be read; nothing was changed.");
      await whisper(house, by, error.userMessage);
    }
  }

  #announce(row: Approval, by: Principal, verdict: Exclude<Verdict, { decision: "revised" }>): void {
    const { recorder, turns, now } = this.#deps.house;
    const choice =
      verdict.decision === "answered"
        ? (row.card.choices.find((one) => one.id === verdict.choice)?.label ?? null)
        : null;
    const decided = { approval: row.id, decision: verdict.decision, by: by.id, byName: by.name, choice, reason: null };
    recorder.record({ type: "approval.decided", ...decided }, row.turn, row.card.requester);
    // The turn that asked still runs.
    if (row.card.program !== undefined) return;
    const turn = decisionTurn(row, now());
    if (turns.add(turn)) {
      recorder.of(turn, {
        type: "turn.started",
        trigger: "decision",
        principalName: turn.principalName,
        title: turn.title,
      });
    }
  }

  /** Carries a written-down decision out. Called again after a crash: nothing runs twice. */
  async carryOut(id: string): Promise<void> {
    if (this.#carrying.has(id)) return;
    this.#carrying.add(id);
    try {
      const row = this.#deps.house.approvals.get(id);
      if (row) await this.#carry(row);
    } catch (thrown) {
      log.error("thread: a decision could not be carried out", { approval: id, thrown });
    } finally {
      this.#carrying.delete(id);
    }
  }

  async #carry(row: Approval): Promise<void> {
    const { house, parking, toolset } = this.#deps;
    const turn = house.turns.get(decisionTurn(row, 0).id);
    if (!turn || turn.state !== "running" || turn.starts > 0) return;
    const started = {
      type: "task.started",
      task: row.call,
      tool: row.tool,
      title: row.card.title,
      detail: "",
    } as const;
    const execution = await parking.find(row.call);
    await this.#deps.within(turn, async () => {
      house.recorder.of(turn, started);
      if (row.state === "denied") {
        house.recorder.of(turn, {
          type: "task.finished",
          task: row.call,
          outcome: "denied",
          detail: "Denied",
          code: "approval.denied",
        });
        if (execution) await parking.reject(execution, deniedReason(row.card.requesterName), true);
        else await parking.tell(turn, `[Deckhand] ${row.tool} was not run: ${deniedReason(row.card.requesterName)}`);
      } else if (execution) {
        await parking.approve(execution);
      } else {
        // The crash came after Think had let go of the parked call: the Kernel knows whether it ran.
        const output: Json =
          row.state === "approved" ? await toolset.runApproved(row.call) : await toolset.outcomeOf(row);
        await parking.tell(
          turn,
          `[Deckhand] ${row.tool} was approved. Its outcome: ${canonical(output).slice(0, 4000)}`,
        );
      }
    });
  }

  async expire(row: Approval): Promise<void> {
    const { house, nested, parking } = this.#deps;
    if (row.card.program !== undefined) return nested.expired(row);
    if (!house.approvals.move(row.id, "pending", "expired")) return;
    house.recorder.record({ type: "approval.expired", approval: row.id }, row.turn, row.card.requester);
    await this.#note(row);
    const execution = await parking.find(row.call);
    if (execution) await parking.reject(execution, "Nobody decided in time; the request has expired.", false);
  }

  async expireDue(): Promise<void> {
    const { approvals, now } = this.#deps.house;
    for (const row of approvals.inState("pending")) if (row.card.expiresAt <= now()) await this.expire(row);
  }

  /** After a restart: what was decided and not carried out is carried out; a card without its parked call is withdrawn. */
  async resume(): Promise<void> {
    const { approvals } = this.#deps.house;
    this.#deps.nested.withdrawAll();
    for (const state of ["approved", "denied", "used"] as const) {
      for (const row of approvals.inState(state)) await this.carryOut(row.id);
    }
    for (const row of approvals.inState("pending")) {
      if ((await this.#deps.parking.find(row.call)) === null) await this.expire(row);
    }
  }
}

const endOf = ({ decision }: Exclude<Verdict, { decision: "revised" }>, by: Principal): NestedEnd =>
  decision === "denied" ? { end: decision, by: by.name } : { end: decision };

/** The turn in which a decision is carried out: it belongs to the person who had asked. */
export function decisionTurn(row: Approval, at: number): Turn {
  return {
    id: TurnId.parse(`decision:${row.id}`),
    trigger: "decision",
    principal: row.card.requester,
    principalName: row.card.requesterName,
    title: row.card.title,
    state: "running",
    starts: 0,
    at,
  };
}
