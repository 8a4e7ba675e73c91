import { and, asc, eq, isNotNull, isNull, lt } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { ChatAction } from "../chat/types.ts";
import { limits } from "../limits.ts";
import { press as table } from "./schema.ts";

/** Presses and stop words that were taken: handed over again they do nothing. Some are still to be done. */
export class PressStore {
  readonly #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  /** Remembers it, once: false when it was taken before. `todo`: it is done later, by {@link open} and {@link done}. */
  take(id: string, now: number, todo: ChatAction | null = null): boolean {
    const row = { id, at: now, body: todo === null ? null : JSON.stringify(todo) };
    const added = this.#db.insert(table).values(row).onConflictDoNothing().returning({ id: table.id }).all();
    if (added.length === 0) return false;
    this.#db
      .delete(table)
      .where(and(isNull(table.body), lt(table.at, now - limits.channel.rememberMs)))
      .run();
    return true;
  }

  /** What is still to be done, oldest first. */
  open(): ChatAction[] {
    const rows = this.#db.select().from(table).where(isNotNull(table.body)).orderBy(asc(table.at)).all();
    return rows.map(({ body }) => ChatAction.parse(JSON.parse(body ?? "")));
  }

  done(id: string): void {
    this.#db.update(table).set({ body: null }).where(eq(table.id, id)).run();
  }
}
