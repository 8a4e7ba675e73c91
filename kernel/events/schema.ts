import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The trace of the thread. */
export const event = sqliteTable("event", {
  seq: integer("seq").primaryKey(),
  at: integer("at").notNull(),
  turn: text("turn").notNull(),
  principal: text("principal"),
  type: text("type").notNull(),
  body: text("body").notNull(),
});
