import { and, asc, eq, gt, max, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { StampedEvent, ThreadEvent } from "./types.ts";
import { event as table } from "./schema.ts";
import type { TurnId, UserId } from "../ids.ts";

const Row = z
  .object({ seq: z.number(), at: z.number(), turn: z.string(), principal: z.string().nullable(), body: z.string() })
  .transform((row) => StampedEvent.parse({ ...row, event: ThreadEvent.parse(JSON.parse(row.body)) }));

/** The trace of one thread in SQLite: numbered from 1, never changed, read back through zod. */
export class EventStore {
  #db: DrizzleSqliteDODatabase;
  #last: number | null = null;
  readonly #after;
  readonly #append;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
    const of = sql.placeholder;
    // Built once: building one takes twenty times as long as running it.
    this.#after = db.select().from(table).where(gt(table.seq, of("seq"))).orderBy(asc(table.seq)).limit(of("limit")).prepare(); // oxfmt-ignore
    const row = { seq: of("seq"), at: of("at"), turn: of("turn"), principal: of("principal"), type: of("type"), body: of("body"), key: of("key") }; // oxfmt-ignore
    this.#append = db.insert(table).values(row).onConflictDoNothing().returning({ seq: table.seq }).prepare();
  }

  /** The number of the newest event; 0 when there is none. */
  get last(): number {
    this.#last ??=
      this.#db
        .select({ last: max(table.seq) })
        .from(table)
        .get()?.last ?? 0;
    return this.#last;
  }

  /** Writes an event down. With a `key`, once: null when what it is about was told before. */
  append(event: ThreadEvent, turn: TurnId, principal: UserId | null, at: number, key?: string): StampedEvent | null {
    const seq = this.last + 1;
    const row = { seq, at, turn, principal, type: event.type, body: JSON.stringify(event), key: key ?? null };
    if (this.#append.all(row).length === 0) return null;
    this.#last = seq;
    return { seq, at, turn, principal, event };
  }

  /** Events after `seq`, oldest first. */
  after(seq: number, limit: number): StampedEvent[] {
    if (seq >= this.last) return [];
    return this.#after.all({ seq, limit }).map((row) => Row.parse(row));
  }

  /** A turn's events among the newest `among` of the thread. */
  ofTurn(turn: TurnId, among: number): StampedEvent[] {
    const where = and(gt(table.seq, this.last - among), eq(table.turn, turn));
    const rows = this.#db.select().from(table).where(where).orderBy(asc(table.seq)).all();
    return rows.map((row) => Row.parse(row));
  }
}
