import { and, asc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { z } from "zod";
import { ChatInput } from "../chat/types.ts";
import { ThreadId, type UserId } from "../ids.ts";
import migrations from "./migrations/migrations.js";
import { inbox, missed, participant } from "./schema.ts";

const Waiting = z.object({
  seq: z.number(),
  thread: ThreadId,
  attempts: z.number(),
  body: z.string().transform((text) => ChatInput.parse(JSON.parse(text))),
});
export type Waiting = z.infer<typeof Waiting>;

/** The Channel's tables. All calls are synchronous SQLite; nothing here awaits. */
export class ChannelStore {
  #db: DrizzleSqliteDODatabase;
  #waiting = 0;

  constructor(storage: DurableObjectStorage) {
    this.#db = drizzle(storage);
  }

  async open(): Promise<void> {
    await migrate(this.#db, migrations);
    const [row] = this.#db
      .select({ n: sql<number>`count(*)` })
      .from(inbox)
      .where(isNotNull(inbox.body))
      .all();
    this.#waiting = row?.n ?? 0;
  }

  get waiting(): number {
    return this.#waiting;
  }

  threadIsOurs(thread: ThreadId): boolean {
    return this.#db.select().from(participant).where(eq(participant.thread, thread)).limit(1).get() !== undefined;
  }

  speaksToUs(thread: ThreadId, user: UserId): boolean {
    const mine = and(eq(participant.thread, thread), eq(participant.user, user));
    return this.#db.select().from(participant).where(mine).get() !== undefined;
  }

  /** Writes an input down, once for its id. False when it was known from before. */
  add(input: ChatInput, now: number): boolean {
    const row = { id: input.id, thread: input.thread, body: JSON.stringify(input), at: now };
    const added =
      this.#db.insert(inbox).values(row).onConflictDoNothing().returning({ seq: inbox.seq }).all().length > 0;
    if (!added) return false;
    this.#waiting += 1;
    if (input.kind === "message") {
      this.#db.insert(participant).values({ thread: input.thread, user: input.author.id }).onConflictDoNothing().run();
    }
    return true;
  }

  /** The first waiting input of each thread but those `busy`, oldest first. */
  next(busy: ReadonlySet<string>, limit: number): Waiting[] {
    const first = sql`${inbox.seq} IN (SELECT min(seq) FROM inbox WHERE body IS NOT NULL GROUP BY thread)`;
    const rows = this.#db
      .select({ seq: inbox.seq, thread: inbox.thread, attempts: inbox.attempts, body: inbox.body })
      .from(inbox)
      .where(first)
      .orderBy(asc(inbox.seq))
      .limit(limit + busy.size)
      .all();
    return rows
      .filter((row) => !busy.has(row.thread))
      .slice(0, limit)
      .map((row) => Waiting.parse(row));
  }

  /** Remembers that something was said in one of our threads that was not for us. */
  miss(thread: ThreadId): void {
    this.#db.insert(missed).values({ thread }).onConflictDoNothing().run();
  }

  missed(thread: ThreadId): boolean {
    return this.#db.select().from(missed).where(eq(missed.thread, thread)).get() !== undefined;
  }

  caughtUp(thread: ThreadId): void {
    this.#db.delete(missed).where(eq(missed.thread, thread)).run();
  }

  delivered(seq: number): void {
    this.#db.update(inbox).set({ body: null }).where(eq(inbox.seq, seq)).run();
    this.#waiting -= 1;
  }

  failed(seq: number): void {
    this.#db
      .update(inbox)
      .set({ attempts: sql`${inbox.attempts} + 1` })
      .where(eq(inbox.seq, seq))
      .run();
  }

  /** Forgets delivered inputs from before `before`; a repeat that late is no repeat any more. */
  forget(before: number): void {
    this.#db
      .delete(inbox)
      .where(and(isNull(inbox.body), lt(inbox.at, before)))
      .run();
  }
}
