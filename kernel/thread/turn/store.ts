import { and, asc, between, desc, eq, gt, inArray, isNull, lt, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type { ChatMessage } from "../../chat/types.ts";
import type { ApprovalId, TurnId, UserId } from "../../ids.ts";
import type { Json } from "../../tools/types.ts";
import { call, step, steer, turn } from "../schema.ts";
import { Call, callIdOf, type Part, Step, Steer, Turn, turnIdOfMessage, type TurnState } from "./types.ts";

/** A call as the model made it. */
export interface MadeCall {
  providerId: string;
  tool: string;
  input: Json;
  /** Set when it needs not be run: what the model reads of it. */
  output: Json | null;
}

export interface StepAnswer {
  parts: Part[];
  calls: MadeCall[];
  finish: string;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** A turn with all that it did: what the transcript is read off. */
export interface TurnRecord {
  turn: Turn;
  steps: Step[];
  calls: Call[];
  steers: Steer[];
}

const open: TurnState[] = ["queued", "running"];
const at = {
  id: sql.placeholder("id"),
  seq: sql.placeholder("seq"),
  to: sql.placeholder("to"),
  n: sql.placeholder("n"),
};

/** What each turn reads many times, built once: building one takes twenty times as long as running it. */
const reads = (db: DrizzleSqliteDODatabase) => ({
  get: db.select().from(turn).where(eq(turn.id, at.id)).prepare(),
  // Literals, so that SQLite takes the partial index.
  open: db.select().from(turn).where(sql`${turn.state} IN ('queued', 'running')`).orderBy(asc(turn.seq)).limit(at.n).prepare(), // oxfmt-ignore
  first: db.select().from(turn).orderBy(asc(turn.seq)).limit(1).prepare(),
  last: db.select().from(turn).orderBy(desc(turn.seq)).limit(1).prepare(),
  lastStep: db.select().from(step).where(eq(step.turn, at.seq)).orderBy(desc(step.n)).limit(1).prepare(),
  steps: db
    .select()
    .from(step)
    .where(between(step.turn, at.seq, at.to))
    .orderBy(asc(step.turn), asc(step.n))
    .prepare(),
  calls: db.select().from(call).where(between(call.turn, at.seq, at.to)).orderBy(asc(call.turn), asc(call.step), asc(call.n)).prepare(), // oxfmt-ignore
  callsOf: db
    .select()
    .from(call)
    .where(and(eq(call.turn, at.seq), eq(call.step, at.n)))
    .orderBy(asc(call.n))
    .prepare(),
  steers: db
    .select()
    .from(steer)
    .where(between(steer.turn, at.seq, at.to))
    .orderBy(asc(steer.id))
    .prepare(),
});

/** The turns of a thread in SQLite: the only truth about them. All of it is synchronous; nothing here awaits. */
export class TurnStore {
  readonly #db: DrizzleSqliteDODatabase;
  readonly #reads: ReturnType<typeof reads>;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
    this.#reads = reads(db);
  }

  // ---- turns ----

  /** A message becomes a turn, once. False when it is one already. */
  addMessage(message: ChatMessage, { title, missed, at }: { title: string; missed: boolean; at: number }): boolean {
    return this.#add({
      id: turnIdOfMessage(message.id),
      cause: "message",
      principal: message.author.id,
      principalName: message.author.name,
      title,
      at,
      body: JSON.stringify(message),
      context: null,
      missed,
    });
  }

  /** A decision becomes a turn of the person who had asked, once. `told`: what the model reads of it. */
  addDecision(row: {
    id: TurnId;
    approval: ApprovalId;
    principal: UserId;
    principalName: string;
    title: string;
    at: number;
    told: string;
  }): boolean {
    const { approval, told, ...rest } = row;
    return this.#add({ ...rest, cause: "decision", body: approval, context: told, missed: false });
  }

  #add(row: Omit<typeof turn.$inferInsert, "state">): boolean {
    const values = { ...row, state: "queued" };
    return this.#db.insert(turn).values(values).onConflictDoNothing().returning({ seq: turn.seq }).all().length === 1;
  }

  get(id: TurnId): Turn | null {
    return this.#one(this.#reads.get.get({ id }));
  }

  #one(row: unknown): Turn | null {
    return row === undefined ? null : Turn.parse(row);
  }

  /** The turn whose move it is: the first that has not ended. */
  open(): Turn | null {
    return this.#one(this.#reads.open.get({ n: 1 }));
  }

  /** All that have not ended, in order, at most `limit`. */
  allOpen(limit: number): Turn[] {
    return this.#reads.open.all({ n: limit }).map((row) => Turn.parse(row));
  }

  first(): Turn | null {
    return this.#one(this.#reads.first.get());
  }

  last(): Turn | null {
    return this.#one(this.#reads.last.get());
  }

  /** The newest message that was asked in the thread before `seq`. */
  messageBefore(seq: number): ChatMessage | null {
    const where = and(lt(turn.seq, seq), eq(turn.cause, "message"), gt(turn.starts, 0));
    const found = this.#one(this.#db.select().from(turn).where(where).orderBy(desc(turn.seq)).limit(1).get());
    return found?.cause === "message" ? found.body : null;
  }

  /** It is taken up: for the first time, or after a crash. */
  takeUp(seq: number, principalName: string): void {
    const set = { state: "running", principalName, starts: sql`${turn.starts} + 1` };
    this.#db
      .update(turn)
      .set(set)
      .where(and(eq(turn.seq, seq), inArray(turn.state, open)))
      .run();
  }

  setContext(seq: number, context: string): void {
    this.#db.update(turn).set({ context }).where(eq(turn.seq, seq)).run();
  }

  /** Asks it to end. False when it has ended. */
  stop(seq: number): boolean {
    const where = and(eq(turn.seq, seq), inArray(turn.state, open));
    return this.#db.update(turn).set({ stop: true }).where(where).returning({ seq: turn.seq }).all().length === 1;
  }

  /** Takes back what has not begun. Its row stays: the message is known when it comes again, and its number is its own. */
  withdraw(seq: number): boolean {
    const where = and(eq(turn.seq, seq), eq(turn.state, "queued"));
    const set = { state: "withdrawn" };
    return this.#db.update(turn).set(set).where(where).returning({ seq: turn.seq }).all().length === 1;
  }

  /** Ends it, once. */
  end(seq: number, state: "suspended" | "finished" | "failed"): boolean {
    const where = and(eq(turn.seq, seq), inArray(turn.state, open));
    return this.#db.update(turn).set({ state }).where(where).returning({ seq: turn.seq }).all().length === 1;
  }

  noted(seq: number, noted = true): void {
    this.#db.update(turn).set({ noted }).where(eq(turn.seq, seq)).run();
  }

  /** Of the newest `among` turns, those whose end their Kernel may not know. */
  notNoted(among: number): Turn[] {
    const last = this.last()?.seq ?? 0;
    const where = and(gt(turn.seq, last - among), eq(turn.noted, false));
    const rows = this.#db.select().from(turn).where(where).orderBy(asc(turn.seq)).all();
    return rows.map((row) => Turn.parse(row)).filter((one) => !open.includes(one.state));
  }

  // ---- steps and calls ----

  lastStep(seq: number): Step | null {
    const row = this.#reads.lastStep.get({ seq });
    return row === undefined ? null : Step.parse(row);
  }

  /** The model is about to be called. */
  beginStep(seq: number, n: number): void {
    const again = { attempts: sql`${step.attempts} + 1` };
    this.#db
      .insert(step)
      .values({ turn: seq, n, state: "calling", attempts: 1, parts: "[]" })
      .onConflictDoUpdate({ target: [step.turn, step.n], set: again })
      .run();
  }

  /** The model has answered: the step and its calls, whole. */
  finishStep(seq: number, n: number, answer: StepAnswer): Call[] {
    const { finish, inputTokens, outputTokens } = answer;
    const set = { state: "done", parts: JSON.stringify(answer.parts), finish, inputTokens, outputTokens };
    this.#db
      .insert(step)
      .values({ turn: seq, n, attempts: 1, ...set })
      .onConflictDoUpdate({ target: [step.turn, step.n], set })
      .run();
    return answer.calls.map((made, at) => this.#addCall(seq, n, at, made, null));
  }

  #addCall(seq: number, n: number, at: number, made: MadeCall, approval: ApprovalId | null): Call {
    const row = {
      turn: seq,
      step: n,
      n: at,
      id: callIdOf(seq, n, at),
      providerId: made.providerId,
      tool: made.tool,
      input: JSON.stringify(made.input),
      state: made.output === null ? "pending" : "ended",
      approval,
      output: made.output === null ? null : JSON.stringify(made.output),
    };
    this.#db.insert(call).values(row).onConflictDoNothing().run();
    return Call.parse(row);
  }

  /** The first step of a decision's turn: the call that was decided. */
  addDecided(seq: number, approval: ApprovalId, made: MadeCall): Call {
    const parts = JSON.stringify([{ type: "call", n: 0 }]);
    this.#db
      .insert(step)
      .values({ turn: seq, n: 0, state: "done", attempts: 0, parts, finish: "decision" })
      .onConflictDoNothing()
      .run();
    return this.#addCall(seq, 0, 0, made, approval);
  }

  callsOf(seq: number, n: number): Call[] {
    return this.#reads.callsOf.all({ seq, n }).map((row) => Call.parse(row));
  }

  /** Whether a call has yet to end. */
  isOpen({ turn: seq, step: of, n }: Pick<Call, "turn" | "step" | "n">): boolean {
    return this.callsOf(seq, of).some((one) => one.n === n && (one.state === "pending" || one.state === "running"));
  }

  moveCall(
    of: Pick<Call, "turn" | "step" | "n">,
    from: Call["state"],
    change: { state: Call["state"]; approval?: ApprovalId; output?: Json },
  ): boolean {
    const { output, ...rest } = change;
    const set = output === undefined ? rest : { ...rest, output: JSON.stringify(output) };
    const where = and(eq(call.turn, of.turn), eq(call.step, of.step), eq(call.n, of.n), eq(call.state, from));
    return this.#db.update(call).set(set).where(where).returning({ n: call.n }).all().length === 1;
  }

  // ---- steers ----

  addSteer(message: ChatMessage, seq: number): void {
    const row = { id: message.id, turn: seq, body: JSON.stringify(message) };
    this.#db.insert(steer).values(row).onConflictDoNothing().run();
  }

  steered(id: string): boolean {
    return this.#db.select({ id: steer.id }).from(steer).where(eq(steer.id, id)).get() !== undefined;
  }

  removeSteer(id: string): void {
    this.#db
      .delete(steer)
      .where(and(eq(steer.id, id), isNull(steer.at)))
      .run();
  }

  /** Those that no step has taken are taken back. Gives how many. */
  takeBackSteers(seq: number): number {
    const where = and(eq(steer.turn, seq), isNull(steer.at));
    return this.#db.update(steer).set({ at: -1 }).where(where).returning({ id: steer.id }).all().length;
  }

  steersOf(seq: number): Steer[] {
    return this.#reads.steers.all({ seq, to: seq }).map((row) => Steer.parse(row));
  }

  /** Those that no step has taken stand before step `n` from now on. */
  takeSteers(seq: number, n: number): Steer[] {
    const waiting = this.steersOf(seq).filter((one) => one.at === null);
    const where = and(eq(steer.turn, seq), isNull(steer.at));
    if (waiting.length > 0) this.#db.update(steer).set({ at: n }).where(where).run();
    return waiting;
  }

  // ---- the transcript's rows ----

  /** A turn with all its rows. */
  record(of: Turn): TurnRecord {
    return this.#records([of], of.seq, of.seq)[0] ?? { turn: of, steps: [], calls: [], steers: [] };
  }

  /** The turns before `seq` that were begun, oldest first, at most `limit`, each with all its rows. */
  before(seq: number, limit: number): TurnRecord[] {
    const where = and(lt(turn.seq, seq), gt(turn.starts, 0));
    const rows = this.#db.select().from(turn).where(where).orderBy(desc(turn.seq)).limit(limit).all();
    const turns = rows.map((row) => Turn.parse(row)).toReversed();
    const first = turns[0];
    return first ? this.#records(turns, first.seq, seq - 1) : [];
  }

  #records(turns: Turn[], from: number, to: number): TurnRecord[] {
    const among = { seq: from, to };
    const steps = this.#reads.steps.all(among).map((row) => Step.parse(row));
    const calls = this.#reads.calls.all(among).map((row) => Call.parse(row));
    const steers = this.#reads.steers.all(among).map((row) => Steer.parse(row));
    const mine = <T extends { turn: number }>(rows: T[], one: Turn) => rows.filter((row) => row.turn === one.seq);
    return turns.map((one) => ({
      turn: one,
      steps: mine(steps, one),
      calls: mine(calls, one),
      steers: mine(steers, one),
    }));
  }
}
