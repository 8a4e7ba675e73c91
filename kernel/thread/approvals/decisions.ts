import { z } from "zod";
import { decideApproval, type Verdict } from "../../approvals/decide.ts";
import type { Approval } from "../../approvals/types.ts";
import type { ChatAction, Principal } from "../../chat/types.ts";
import { KernelError } from "../../errors.ts";
import { limits } from "../../limits.ts";
import type { House } from "../house.ts";
import { named } from "../named.ts";
import { noteTurn } from "../notes.ts";
import type { MadeCall } from "../turn/store.ts";
import type { Json } from "../../tools/types.ts";
import { turnIdOfDecision, type Turn } from "../turn/types.ts";
import { whisper } from "../whisper.ts";
import { behind, type Nested } from "./nested.ts";
import type { NestedEnd } from "./nested-decide.ts";
import type { Requests } from "./requests.ts";

export interface DecisionDeps {
  house: House;
  requests: Requests;
  nested: Nested;
  /** Rows of a turn that had ended have changed. */
  changed(): void;
  /** Keeps the object awake while `work` goes on. */
  background(work: Promise<unknown>): void;
}

type Decided = Exclude<Verdict, { decision: "revised" }>;

/**
 * People's decisions on what waits for them: who may, once. A decision, its event and the turn that carries it out are
 * written down in one go, so there is nothing between them for a crash.
 */
export class Decisions {
  readonly #deps: DecisionDeps;
  #revising = false;

  constructor(deps: DecisionDeps) {
    this.#deps = deps;
  }

  async act(press: ChatAction): Promise<void> {
    const { house } = this.#deps;
    const asked = house.approvals.get(press.subject);
    // Delivered again after a crash.
    if (asked?.press === press.id) return;
    const by = await this.#named(press, asked);
    const row = house.approvals.get(press.subject);
    const ruling = decideApproval(row, press, row?.card.requesterName ?? "", house.now());
    if (!ruling.ok) {
      if (ruling.expired && row) this.expire(row);
      return whisper(house, press.by, ruling.error.userMessage);
    }
    if (!row) return;
    if (ruling.verdict.decision === "revised") return this.#takeRevision(press);
    this.#decide(row, press, by, ruling.verdict);
    // Nobody's words wait for who is told of it.
    this.#deps.background(Promise.all([this.#tellBehind(row), this.#note(row)]));
  }

  /** Only written down: to prepare the card anew may take long, and everybody's words come through the same door. */
  #takeRevision(press: ChatAction): void {
    const { presses, now } = this.#deps.house;
    if (presses.open().length >= limits.approval.maxPendingPerThread)
      return this.#deps.background(whisper(this.#deps.house, press.by, "Too many changes are waiting. Try again."));
    presses.take(press.id, now(), press);
    this.revise();
  }

  /** Carries out the changes that were taken, one after the other; after a crash from where it was. */
  revise(): void {
    if (this.#revising) return;
    this.#revising = true;
    this.#deps.background(this.#reviseAll().finally(() => (this.#revising = false)));
  }

  async #reviseAll(): Promise<void> {
    const { house } = this.#deps;
    for (let [press] = house.presses.open(); press; [press] = house.presses.open()) {
      const row = house.approvals.get(press.subject);
      const ruling = decideApproval(row, press, row?.card.requesterName ?? "", house.now());
      if (!ruling.ok) await whisper(house, press.by, ruling.error.userMessage);
      else if (row && ruling.verdict.decision === "revised")
        await this.#revise(row, press.by, ruling.verdict.input, press.id);
      house.presses.done(press.id);
    }
  }

  /** Whose decision has to wait for somebody's program is told what it stands behind. */
  async #tellBehind(row: Approval): Promise<void> {
    const { house, nested } = this.#deps;
    const first = house.turns.open();
    const { requester, requesterName } = row.card;
    if (row.card.program !== undefined || !first || first.principal === requester || !nested.waits(first)) return;
    await whisper(house, { id: requester, name: requesterName }, behind("Your decision", first.principalName));
  }

  /** The name that is shown; whoever had asked is known by name, and the platform is not waited for. */
  async #named(press: ChatAction, row: Approval | null): Promise<Principal> {
    if (!row || !row.card.deciders.includes(press.by.id)) return press.by;
    if (press.by.id === row.card.requester) return { id: press.by.id, name: row.card.requesterName };
    return named(this.#deps.house, press.by);
  }

  #decide(row: Approval, press: ChatAction, by: Principal, verdict: Decided): void {
    const { approvals, recorder, now } = this.#deps.house;
    const choice = verdict.decision === "answered" ? verdict.choice : null;
    const to = verdict.decision === "denied" ? "denied" : "approved";
    if (!approvals.move(row.id, "pending", to, { user: by.id, at: now(), answer: choice, press: press.id })) return;
    const label = choice === null ? null : (row.card.choices.find((one) => one.id === choice)?.label ?? null);
    const decided = { approval: row.id, decision: verdict.decision, by: by.id, byName: by.name, choice: label };
    const asker = { id: row.turn, principal: row.card.requester };
    recorder.of(asker, { type: "approval.decided", ...decided, reason: null });
    // The turn that asked still runs, and its program waits.
    if (row.card.program !== undefined) this.#deps.nested.decided(row, endOf(verdict, by));
    else this.addTurn(row, told(row, by.name, verdict.decision, label));
  }

  /** The turn that carries a decision out: it belongs to the person who had asked. */
  addTurn(row: Approval, text: string): void {
    const { turns, now } = this.#deps.house;
    turns.addDecision({
      id: turnIdOfDecision(row.id),
      approval: row.id,
      principal: row.card.requester,
      principalName: row.card.requesterName,
      title: row.card.title,
      at: now(),
      told: text,
    });
  }

  /** What was approved under a version that wrote the decision down before its turn. */
  resume(): void {
    for (const row of this.#deps.house.approvals.inState("approved"))
      if (row.card.program === undefined) this.addTurn(row, told(row, row.card.requesterName, "approved", null));
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

  #revised(row: Approval, text: string): Promise<Approval> {
    return this.#deps.requests.revised(row, z.json().parse(JSON.parse(text)));
  }

  async #revise(row: Approval, by: Principal, text: string, press: string): Promise<void> {
    const { house } = this.#deps;
    try {
      const revised = await this.#revised(row, text);
      // In one go with its event: a crash before has it made again, and after it nothing.
      house.presses.done(press);
      if (!house.approvals.revise(revised)) return await whisper(house, by, "This has already been decided.");
      const asker = { id: row.turn, principal: row.card.requester };
      house.recorder.of(asker, { type: "approval.revised", card: revised.card });
      await this.#note(row);
    } catch (thrown) {
      const error = KernelError.wrap(thrown, "input.invalid", "That change could not be read; nothing was changed.");
      await whisper(house, by, error.userMessage);
    }
  }

  /** What waits for the person has changed. */
  async #note(row: Approval): Promise<void> {
    const { house } = this.#deps;
    const turn = house.turns.get(turnIdOfDecision(row.id)) ?? house.turns.get(row.turn);
    if (turn) await noteTurn(house, turn, null);
  }

  expire(row: Approval): void {
    const { house, nested } = this.#deps;
    if (row.card.program !== undefined) return nested.expired(row);
    if (!house.approvals.move(row.id, "pending", "expired")) return;
    const asker = { id: row.turn, principal: row.card.requester };
    house.recorder.of(asker, { type: "approval.expired", approval: row.id });
    const turn = house.turns.get(row.turn);
    const call = turn && house.turns.record(turn).calls.find((one) => one.id === row.call);
    if (call) house.turns.moveCall(call, "asked", { state: "ended", output: nobodyDecided });
    this.#deps.changed();
  }

  /** Closes the cards whose time is over. */
  async expireDue(): Promise<void> {
    const { approvals, now } = this.#deps.house;
    for (const row of approvals.inState("pending")) {
      if (row.card.expiresAt > now()) continue;
      this.expire(row);
      await this.#note(row);
    }
  }

  /** When the next card's time is over; null when none waits. */
  get nextExpiry(): number | null {
    const times = this.#deps.house.approvals.inState("pending").map((row) => row.card.expiresAt);
    return times.length === 0 ? null : Math.min(...times);
  }
}

const nobodyDecided = { status: "expired", message: "Nobody decided in time; it was not run." };

const endOf = ({ decision }: Decided, by: Principal): NestedEnd =>
  decision === "denied" ? { end: decision, by: by.name } : { end: decision };

/** What the model reads of a decision, before what came of it. */
function told({ card }: Approval, by: string, decision: Decided["decision"], choice: string | null): string {
  const what = card.title.replaceAll(/\s+/g, " ");
  switch (decision) {
    case "approved":
      return `[Deckhand] ${by} approved: ${what}. What came of it follows.`;
    case "denied":
      return `[Deckhand] ${by} denied: ${what}. It was not run.`;
    case "answered":
      return `[Deckhand] ${by} answered “${what}”: ${choice ?? ""}`;
  }
}

/** The call of a decision's turn: to be run, or over already. */
export function decidedCall(row: Approval): MadeCall {
  const { tool, input } = row.subject;
  const reason = `${row.card.requesterName} denied this. Do not try it again unless you are asked to.`;
  const denied = row.state === "denied" ? { status: "denied", reason } : null;
  // Of a turn that has not begun, only the version before can have used it: whether it ran is not known any more.
  return { providerId: "", tool, input, output: row.state === "used" ? mayHaveRun : denied };
}

const mayHaveRun: Json = {
  error: {
    code: "tool.interrupted",
    message: "Deckhand was updated while this ran. It may have been done; look first.",
  },
};

/** Whether a turn's own cards wait, of all that wait in the thread. */
export const waitingOf = (pending: readonly Approval[], turn: Turn): Approval[] =>
  pending.filter((row) => row.turn === turn.id && row.card.program === undefined);
