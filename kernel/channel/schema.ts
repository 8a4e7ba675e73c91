import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";

/** Every input of the channel that was ours, once. The body is emptied on delivery; the id stays, to know a repeat. */
export const inbox = sqliteTable(
  "inbox",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    thread: text("thread").notNull(),
    body: text("body"),
    attempts: integer("attempts").notNull().default(0),
    at: integer("at").notNull(),
  },
  (table) => [
    index("inbox_waiting")
      .on(table.seq)
      .where(sql`body IS NOT NULL`),
  ],
);

/** Threads of ours in which others have written since the last input: the Thread has to read what it missed. */
export const missed = sqliteTable("missed", { thread: text("thread").primaryKey() });

/** Who has spoken to us in which thread: their next message there needs no mention. */
export const participant = sqliteTable(
  "participant",
  { thread: text("thread").notNull(), user: text("user").notNull() },
  (table) => [primaryKey({ columns: [table.thread, table.user] })],
);
