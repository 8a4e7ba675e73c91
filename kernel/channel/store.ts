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

const of = sql.placeholder;
const first = sql`${inbox.seq} IN (SELECT min(seq) FROM inbox WHERE body IS NOT NULL GROUP BY thread)`;
const shown = { seq: inbox.seq, thread: inbox.thread, attempts: inbox.attempts, body: inbox.body };

/** What each event asks before it is acknowledged, built once: building one takes twenty times as long as running it. */
const queries = (db: DrizzleSqliteDODatabase) => ({
  ours: db
    .select()
    .from(participant)
    .where(eq(participant.thread, of("thread")))
    .limit(1)
    .prepare(),
  speaks: db.select().from(participant).where(and(eq(participant.thread, of("thread")), eq(participant.user, of("user")))).prepare(), // oxfmt-ignore
  add: db.insert(inbox).values({ id: of("id"), thread: of("thread"), body: of("body"), at: of("at") }).onConflictDoNothing().returning({ seq: inbox.seq }).prepare(), // oxfmt-ignore
  joins: db
    .insert(participant)
    .values({ thread: of("thread"), user: of("user") })
    .onConflictDoNothing()
    .prepare(),
  next: db.select(shown).from(inbox).where(first).orderBy(asc(inbox.seq)).limit(of("limit")).prepare(),
  missed: db
    .select()
    .from(missed)
    .where(eq(missed.thread, of("thread")))
    .prepare(),
  delivered: db
    .update(inbox)
    .set({ body: null })
    .where(eq(inbox.seq, of("seq")))
    .prepare(),
});

/** The Channel's tables. All calls are synchronous SQLite; nothing here awaits. */
export class ChannelStore {
  readonly #db: DrizzleSqliteDODatabase;
  readonly #queries: ReturnType<typeof queries>;
  #waiting = 0;

  constructor(storage: DurableObjectStorage) {
    this.#db = drizzle(storage);
    this.#queries = queries(this.#db);
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
    return this.#queries.ours.get({ thread }) !== undefined;
  }

  speaksToUs(thread: ThreadId, user: UserId): boolean {
    return this.#queries.speaks.get({ thread, user }) !== undefined;
  }

  /** Writes an input down, once for its id. False when it was known from before. */
  add(input: ChatInput, now: number): boolean {
    const row = { id: input.id, thread: input.thread, body: JSON.stringify(input), at: now };
    if (this.#queries.add.all(row).length === 0) return false;
    this.#waiting += 1;
    if (input.kind === "message") this.#queries.joins.run({ thread: input.thread, user: input.author.id });
    return true;
  }

  /** The first waiting input of each thread but those `busy`, oldest first. */
  next(busy: ReadonlySet<string>, limit: number): Waiting[] {
    const rows = this.#queries.next.all({ limit: limit + busy.size });
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
    return this.#queries.missed.get({ thread }) !== undefined;
  }

  caughtUp(thread: ThreadId): void {
    this.#db.delete(missed).where(eq(missed.thread, thread)).run();
  }

  delivered(seq: number): void {
    this.#queries.delivered.run({ seq });
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
