import { sql } from "drizzle-orm";
import { check, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What each of the person's files is now. A row may lag behind R2 after a crash; R2 is the truth. */
export const file = sqliteTable("file", {
  path: text("path").primaryKey(),
  sizeBytes: integer("size_bytes").notNull(),
  mediaType: text("media_type").notNull(),
  sha256: text("sha256").notNull(),
  version: integer("version").notNull(),
  etag: text("etag").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Every version of every file, with who wrote it, from which thread and in which turn; a removal is one too. */
export const fileVersion = sqliteTable(
  "file_version",
  {
    path: text("path").notNull(),
    n: integer("n").notNull(),
    sha256: text("sha256").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    mediaType: text("media_type").notNull(),
    author: text("author").notNull(),
    at: integer("at").notNull(),
    thread: text("thread"),
    turn: text("turn"),
    tombstone: integer("tombstone", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.path, table.n] }), check("file_version_n", sql`n > 0`)],
);

/** Paths whose bytes are on their way to R2: after a crash they are compared with what R2 holds. */
export const filePending = sqliteTable("file_pending", { path: text("path").primaryKey() });
