import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/*
 * The rows that a turn is: what is on disk at each point stands in docs/adr/0090. `step` and `call` are WITHOUT ROWID in
 * the migration's SQL: one row written each instead of two.
 */

/** What somebody asked or decided, and how far it is. Turns of a thread run one at a time, by `seq`. */
export const turn = sqliteTable(
  "turn",
  {
    seq: integer("seq").primaryKey(),
    id: text("id").notNull().unique(),
    /** message | decision */
    cause: text("cause").notNull(),
    principal: text("principal").notNull(),
    principalName: text("principal_name").notNull(),
    title: text("title").notNull(),
    /** queued | running | suspended | finished | failed; withdrawn: taken back before it began */
    state: text("state").notNull(),
    /** Its person wants it to end. */
    stop: integer("stop", { mode: "boolean" }).notNull().default(false),
    /** How often it was taken up; more than once means that a crash came in between. */
    starts: integer("starts").notNull().default(0),
    /** Its end has been told to its person's Kernel. */
    noted: integer("noted", { mode: "boolean" }).notNull().default(false),
    at: integer("at").notNull(),
    /** A message as JSON; for a decision the approval's id. */
    body: text("body").notNull(),
    /** What the model is told of the message's files and of what was said before; null until it has been fetched. */
    context: text("context"),
    /** Others have written in the thread before this, without us. */
    missed: integer("missed", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    index("turn_open")
      .on(table.seq)
      .where(sql`state IN ('queued', 'running')`),
  ],
);

/** One call of the model. */
export const step = sqliteTable(
  "step",
  {
    turn: integer("turn").notNull(),
    n: integer("n").notNull(),
    /** calling | done */
    state: text("state").notNull(),
    /** How often the model was called for it. */
    attempts: integer("attempts").notNull(),
    /** What it answered, in order: text, and the places of its calls. */
    parts: text("parts").notNull(),
    finish: text("finish"),
    inputTokens: integer("input_tokens"),
    outputTokens: integer("output_tokens"),
  },
  (table) => [primaryKey({ columns: [table.turn, table.n] })],
);

/** One call of a tool that the model asked for. */
export const call = sqliteTable(
  "call",
  {
    turn: integer("turn").notNull(),
    step: integer("step").notNull(),
    n: integer("n").notNull(),
    /** Ours: unique in the thread. */
    id: text("id").notNull(),
    /** The provider's: may be empty, and may come again. */
    providerId: text("provider_id").notNull(),
    tool: text("tool").notNull(),
    input: text("input").notNull(),
    /** pending | asked | running | ended */
    state: text("state").notNull(),
    /** The approval that this call waits for or was allowed by. */
    approval: text("approval"),
    /** What the model reads of it. */
    output: text("output"),
  },
  (table) => [primaryKey({ columns: [table.turn, table.step, table.n] })],
);

/** Messages that came while a turn of the same person was running. */
export const steer = sqliteTable("steer", {
  id: text("id").primaryKey(),
  turn: integer("turn").notNull(),
  body: text("body").notNull(),
  /** The step before which it stands; null until one has taken it; -1 when its person has taken it back. */
  at: integer("at"),
});

/** Pictures that the model shall look at, newest last. */
export const sight = sqliteTable("sight", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  turn: text("turn").notNull(),
  user: text("user").notNull(),
  path: text("path").notNull(),
  mediaType: text("media_type").notNull(),
});

/** Presses that were taken, so that one that is handed over again does nothing; `body` while it is still to be done. */
export const press = sqliteTable("press", {
  id: text("id").primaryKey(),
  body: text("body"),
  at: integer("at").notNull(),
});

/** How far the chat view is: one row. */
export const delivery = sqliteTable("delivery", {
  id: integer("id").primaryKey(),
  cursor: integer("cursor").notNull(),
  view: text("view").notNull(),
  attempts: integer("attempts").notNull().default(0),
});
export * from "../events/schema.ts";
export * from "../approvals/schema.ts";
