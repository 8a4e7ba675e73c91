import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Every tool call of this person, once: the audit, and what makes a call that is asked for again after a crash answer
 * with what it did instead of doing it again.
 */
export const toolCall = sqliteTable("tool_call", {
  call: text("call").primaryKey(),
  thread: text("thread").notNull(),
  turn: text("turn").notNull(),
  tool: text("tool").notNull(),
  capability: text("capability").notNull(),
  input: text("input").notNull(),
  /** running | ok | error */
  state: text("state").notNull(),
  reply: text("reply"),
  startedAt: integer("started_at").notNull(),
  endedAt: integer("ended_at"),
});

/** Threads this person has spoken to us in. */
export const userThread = sqliteTable("user_thread", {
  thread: text("thread").primaryKey(),
  lastTurn: text("last_turn").notNull(),
  at: integer("at").notNull(),
});
