import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** The trace of the thread. */
export const event = sqliteTable(
  "event",
  {
    seq: integer("seq").primaryKey(),
    at: integer("at").notNull(),
    turn: text("turn").notNull(),
    principal: text("principal"),
    type: text("type").notNull(),
    body: text("body").notNull(),
    /** What the event is about, where it could be told twice: told again it is no new event. */
    key: text("key"),
  },
  (table) => [
    uniqueIndex("event_key")
      .on(table.key)
      .where(sql`key IS NOT NULL`),
  ],
);
