import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export { computer, computerPort, computerSnapshot } from "../sandbox/computer/schema.ts";

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

/** Threads in which this person had a turn. */
export const userThread = sqliteTable("user_thread", {
  thread: text("thread").primaryKey(),
  title: text("title").notNull(),
  turn: text("turn").notNull(),
  state: text("state").notNull(),
  at: integer("at").notNull(),
  /** The last of its turns whose use has been counted, by its place in the thread. */
  counted: integer("counted").notNull().default(0),
});

/** Cards that wait for this person, whatever thread they stand in. */
export const userApproval = sqliteTable("user_approval", {
  approval: text("approval").primaryKey(),
  thread: text("thread").notNull(),
  card: text("card").notNull(),
});

/** Sites this person has published, as they were last. */
export const userSite = sqliteTable("user_site", {
  slug: text("slug").primaryKey(),
  title: text("title").notNull(),
  url: text("url").notNull(),
  version: integer("version").notNull(),
  at: integer("at").notNull(),
});

/** What the turns of a day have used. */
export const usage = sqliteTable(
  "usage",
  {
    day: text("day").notNull(),
    model: text("model").notNull(),
    turns: integer("turns").notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.model] })],
);

/** How long tools of a day have worked in a sandbox: an isolate or a computer. */
export const sandboxUsage = sqliteTable(
  "sandbox_usage",
  { day: text("day").notNull(), tier: text("tier").notNull(), ms: integer("ms").notNull() },
  (table) => [primaryKey({ columns: [table.day, table.tier] })],
);

export const setting = sqliteTable("setting", { name: text("name").primaryKey(), value: text("value").notNull() });
