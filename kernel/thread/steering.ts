import type { ModelMessage } from "ai";
import { and, asc, count, eq, isNull } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { ChatMessage } from "../chat/types.ts";
import { TurnId } from "../ids.ts";
import { steer } from "./schema.ts";

const Row = z.object({
  id: z.string(),
  turn: TurnId,
  body: z.string().transform((text) => ChatMessage.parse(JSON.parse(text))),
  at: z.number().nullable(),
});
/** A message that came while a turn was running. `at`: after how many messages of the model's it stands; null: not taken yet. */
export type Steer = z.infer<typeof Row>;

/** Messages taken into a running turn (A8): written down when they come, shown to the model at its next step. */
export class SteerStore {
  #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  add(message: ChatMessage, turn: TurnId): void {
    this.#db
      .insert(steer)
      .values({ id: message.id, turn, body: JSON.stringify(message) })
      .onConflictDoNothing()
      .run();
  }

  known(id: string): boolean {
    return this.#db.select({ id: steer.id }).from(steer).where(eq(steer.id, id)).get() !== undefined;
  }

  countOf(turn: TurnId): number {
    return this.#db.select({ n: count() }).from(steer).where(eq(steer.turn, turn)).get()?.n ?? 0;
  }

  of(turn: TurnId): Steer[] {
    const rows = this.#db.select().from(steer).where(eq(steer.turn, turn)).orderBy(asc(steer.id)).all();
    return rows.map((row) => Row.parse(row));
  }

  waiting(): Steer[] {
    const rows = this.#db.select().from(steer).where(isNull(steer.at)).orderBy(asc(steer.id)).all();
    return rows.map((row) => Row.parse(row));
  }

  take(id: string, at: number): boolean {
    const where = and(eq(steer.id, id), isNull(steer.at));
    return this.#db.update(steer).set({ at }).where(where).returning({ id: steer.id }).all().length === 1;
  }

  remove(id: string): void {
    this.#db.delete(steer).where(eq(steer.id, id)).run();
  }
}

/** Puts what was taken in at its place: the same place at every later step, so that the model reads one course of events. */
export function withSteers(messages: ModelMessage[], taken: { at: number; text: string }[]): ModelMessage[] {
  const result: ModelMessage[] = [];
  const said = (at: number) =>
    taken.filter((one) => one.at === at).map((one): ModelMessage => ({ role: "user", content: one.text }));
  for (const [index, message] of messages.entries()) result.push(...said(index), message);
  return [
    ...result,
    ...taken
      .filter((one) => one.at >= messages.length)
      .map((one): ModelMessage => ({ role: "user", content: one.text })),
  ];
}

/** Whether a message only asks to stop. */
export const saysStop = (text: string): boolean =>
  /^\s*(?:please\s+)?(?:stop|cancel|halt)(?:\s+(?:it|that|please))?[.!]*\s*$/i.test(text);
