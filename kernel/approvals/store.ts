import { and, eq, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import type { ApprovalId, TurnId, UserId } from "../ids.ts";
import { canonical } from "./canonical.ts";
import { approval as table } from "./schema.ts";
import { Approval, type ApprovalState } from "./types.ts";

const json = z.string().transform((text): unknown => JSON.parse(text));
const Row = z.looseObject({ subject: json, card: json }).transform((row) => Approval.parse(row));

/** Requests for a person's decision, one a parked tool call. */
export class ApprovalStore {
  #db: DrizzleSqliteDODatabase;
  readonly #inState;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
    // Asked many times in each turn. The second condition is what makes SQLite take the partial index.
    const where = and(eq(table.state, sql.placeholder("state")), sql`${table.state} IN ('pending', 'approved')`);
    this.#inState = db.select().from(table).where(where).prepare();
  }

  add(row: Approval): void {
    const subject = canonical(row.subject);
    this.#db
      .insert(table)
      .values({ ...row, subject, card: JSON.stringify(row.card) })
      .run();
  }

  get(id: string): Approval | null {
    const row = this.#db.select().from(table).where(eq(table.id, id)).get();
    return row ? Row.parse(row) : null;
  }

  ofCall(call: string): Approval | null {
    const row = this.#db.select().from(table).where(eq(table.call, call)).get();
    return row ? Row.parse(row) : null;
  }

  /** Those that nobody has decided, or that were approved and have not run: what is open. */
  inState(state: "pending" | "approved"): Approval[] {
    return this.#inState.all({ state }).map((row) => Row.parse(row));
  }

  pendingOf(turn: TurnId): Approval[] {
    return this.inState("pending").filter((row) => row.turn === turn);
  }

  /** Replaces what a pending row asks for: false when it is not pending any more. */
  revise(row: Pick<Approval, "id" | "subject" | "hash" | "card">): boolean {
    const change = { subject: canonical(row.subject), hash: row.hash, card: JSON.stringify(row.card) };
    const where = and(eq(table.id, row.id), eq(table.state, "pending"));
    return this.#db.update(table).set(change).where(where).returning({ id: table.id }).all().length === 1;
  }

  /** Moves a row from one state to another, once: false when it was not in `from` any more. */
  move(
    id: ApprovalId,
    from: ApprovalState,
    to: ApprovalState,
    by?: { user: UserId; at: number; answer: string | null; press: string },
  ): boolean {
    const change = by
      ? { state: to, decidedBy: by.user, decidedAt: by.at, answer: by.answer, press: by.press }
      : { state: to };
    const where = and(eq(table.id, id), eq(table.state, from));
    return this.#db.update(table).set(change).where(where).returning({ id: table.id }).all().length === 1;
  }
}
