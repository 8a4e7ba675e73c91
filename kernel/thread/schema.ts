import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One run of the model: by a message, or by the decision of an approval. */
export const turn = sqliteTable("turn", {
  id: text("id").primaryKey(),
  trigger: text("trigger").notNull(),
  principal: text("principal").notNull(),
  principalName: text("principal_name").notNull(),
  title: text("title").notNull(),
  /** running | suspended | finished | failed */
  state: text("state").notNull(),
  /** How often the model loop was started for it; more than once means recovery. */
  starts: integer("starts").notNull().default(0),
  at: integer("at").notNull(),
});

/** A message of ours as it came in, until its turn has fetched the files. */
export const asked = sqliteTable("asked", {
  id: text("id").primaryKey(),
  turn: text("turn").notNull(),
  body: text("body").notNull(),
  /** What the model is told of the files; null until they have been fetched. */
  files: text("files"),
  /** Others have written in the thread since, without us. */
  missed: integer("missed", { mode: "boolean" }).notNull().default(false),
  at: integer("at").notNull(),
});

/** Messages that came while a turn of the same person was running. */
export const steer = sqliteTable("steer", {
  id: text("id").primaryKey(),
  turn: text("turn").notNull(),
  body: text("body").notNull(),
  /** After how many messages of the model's it stands; null until a step has taken it. */
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

/** How far the chat view is: one row. */
export const delivery = sqliteTable("delivery", {
  id: integer("id").primaryKey(),
  cursor: integer("cursor").notNull(),
  view: text("view").notNull(),
  attempts: integer("attempts").notNull().default(0),
});
export * from "../events/schema.ts";
export * from "../approvals/schema.ts";
