import { and, count, desc, eq, isNotNull, lt, notInArray, sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { ChatMessage } from "../chat/types.ts";
import { TurnId, UserId } from "../ids.ts";
import { asked, sight, turn } from "./schema.ts";

export const TurnState = z.enum(["running", "suspended", "finished", "failed"]);
export type TurnState = z.infer<typeof TurnState>;

export const Turn = z.object({
  id: TurnId,
  trigger: z.enum(["message", "decision"]),
  principal: UserId,
  principalName: z.string(),
  title: z.string(),
  state: TurnState,
  starts: z.number(),
  at: z.number(),
});
export type Turn = z.infer<typeof Turn>;

const Asked = z.object({
  id: z.string(),
  turn: TurnId,
  body: z.string().transform((text) => ChatMessage.parse(JSON.parse(text))),
  files: z.string().nullable(),
  missed: z.boolean(),
  at: z.number(),
});
export type Asked = z.infer<typeof Asked>;

const Sight = z.object({ turn: z.string(), user: UserId, path: z.string(), mediaType: z.string() });
export type SightRow = z.infer<typeof Sight>;

/** The turns of a thread, what asked for them, and the pictures they are about. */
export class TurnStore {
  #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  get(id: TurnId): Turn | null {
    const row = this.#db.select().from(turn).where(eq(turn.id, id)).get();
    return row ? Turn.parse(row) : null;
  }

  /** The turn that the model loop is in, or was in when the object was killed. */
  running(): Turn | null {
    const row = this.#db
      .select()
      .from(turn)
      .where(eq(turn.state, "running"))
      .orderBy(sql`${turn.starts} desc, ${turn.at}`)
      .get();
    return row ? Turn.parse(row) : null;
  }

  add(row: Turn): boolean {
    return this.#db.insert(turn).values(row).onConflictDoNothing().returning({ id: turn.id }).all().length === 1;
  }

  started(id: TurnId): void {
    this.#db
      .update(turn)
      .set({ starts: sql`${turn.starts} + 1` })
      .where(eq(turn.id, id))
      .run();
  }

  end(id: TurnId, state: Exclude<TurnState, "running">): boolean {
    const where = and(eq(turn.id, id), eq(turn.state, "running"));
    return this.#db.update(turn).set({ state }).where(where).returning({ id: turn.id }).all().length === 1;
  }

  first(): Turn | null {
    const row = this.#db.select().from(turn).orderBy(turn.at).limit(1).get();
    return row ? Turn.parse(row) : null;
  }

  last(): Turn | null {
    const row = this.#db.select().from(turn).orderBy(desc(turn.at)).limit(1).get();
    return row ? Turn.parse(row) : null;
  }

  /** Names of the people who had turns, by the last part of their id: what a platform calls them in a message. */
  names(): Map<string, string> {
    const rows = this.#db.selectDistinct({ id: turn.principal, name: turn.principalName }).from(turn).limit(200).all();
    return new Map(rows.map((row) => [row.id.split(":").at(-1) ?? "", row.name]));
  }

  /** How many turns there have been. */
  total(): number {
    return this.#db.select({ n: count() }).from(turn).get()?.n ?? 0;
  }

  ask(message: ChatMessage, id: TurnId, missed: boolean): void {
    this.#db
      .insert(asked)
      .values({ id: message.id, turn: id, body: JSON.stringify(message), missed, at: message.at })
      .onConflictDoNothing()
      .run();
  }

  /** The message that was asked last before `at`, or null. */
  askedBefore(at: number): Asked | null {
    const row = this.#db.select().from(asked).where(lt(asked.at, at)).orderBy(desc(asked.at)).limit(1).get();
    return row ? Asked.parse(row) : null;
  }

  asked(messageId: string): Asked | null {
    const row = this.#db.select().from(asked).where(eq(asked.id, messageId)).get();
    return row ? Asked.parse(row) : null;
  }

  /** What a person has asked and no turn has begun for, oldest first. */
  waitingOf(user: UserId): Asked[] {
    const begun = this.#db.select({ id: turn.id }).from(turn);
    const rows = this.#db.select().from(asked).where(notInArray(asked.turn, begun)).orderBy(asked.at).limit(100).all();
    return rows.map((row) => Asked.parse(row)).filter((one) => one.body.author.id === user);
  }

  /** Takes back what was asked and has not begun. */
  unask(messageId: string): void {
    this.#db.delete(asked).where(eq(asked.id, messageId)).run();
  }

  /** What the model is told of the files of each message; one look for a whole transcript, however long it is. */
  fileLines(): Map<string, string> {
    const rows = this.#db.select({ id: asked.id, files: asked.files }).from(asked).where(isNotNull(asked.files)).all();
    return new Map(rows.map(({ id, files }) => [id, files ?? ""]));
  }

  filesFetched(messageId: string, lines: string): void {
    this.#db.update(asked).set({ files: lines }).where(eq(asked.id, messageId)).run();
  }

  addSight(row: SightRow): void {
    this.#db.insert(sight).values(row).run();
  }

  /** The newest pictures, oldest of them first. */
  sights(limit: number): SightRow[] {
    const rows = this.#db
      .select()
      .from(sight)
      .orderBy(sql`${sight.id} desc`)
      .limit(limit)
      .all();
    return rows.map((row) => Sight.parse(row)).toReversed();
  }
}
