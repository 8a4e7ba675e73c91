import { and, asc, count, desc, eq, gt, max } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { StampedEvent, ThreadEvent, type ThreadEventType } from "./types.ts";
import { event as table } from "./schema.ts";
import type { TurnId, UserId } from "../ids.ts";

const Row = z
  .object({ seq: z.number(), at: z.number(), turn: z.string(), principal: z.string().nullable(), body: z.string() })
  .transform((row) => StampedEvent.parse({ ...row, event: ThreadEvent.parse(JSON.parse(row.body)) }));

/** The trace of one thread in SQLite: numbered from 1, never changed, read back through zod. */
export class EventStore {
  #db: DrizzleSqliteDODatabase;
  #last: number | null = null;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
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

  append(event: ThreadEvent, turn: TurnId, principal: UserId | null, at: number): StampedEvent {
    const seq = this.last + 1;
    this.#db
      .insert(table)
      .values({ seq, at, turn, principal, type: event.type, body: JSON.stringify(event) })
      .run();
    this.#last = seq;
    return { seq, at, turn, principal, event };
  }

  /** Events after `seq`, oldest first. */
  after(seq: number, limit: number): StampedEvent[] {
    if (seq >= this.last) return [];
    const rows = this.#db.select().from(table).where(gt(table.seq, seq)).orderBy(asc(table.seq)).limit(limit).all();
    return rows.map((row) => Row.parse(row));
  }

  /** How many events of a type a turn has. */
  count(turn: TurnId, type: ThreadEventType): number {
    const row = this.#db
      .select({ n: count() })
      .from(table)
      .where(and(eq(table.turn, turn), eq(table.type, type)))
      .get();
    return row?.n ?? 0;
  }

  ofTurn(turn: TurnId, limit: number): StampedEvent[] {
    const rows = this.#db.select().from(table).where(eq(table.turn, turn)).orderBy(desc(table.seq)).limit(limit).all();
    return rows.map((row) => Row.parse(row)).toReversed();
  }
}
