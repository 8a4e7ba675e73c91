import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What each file was when the box and the Kernel last agreed on it. */
export const syncBase = sqliteTable(
  "sync_base",
  {
    box: text("box").notNull(),
    /** Below /r2. */
    rel: text("rel").notNull(),
    etag: text("etag").notNull(),
    sha256: text("sha256").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** Its time of change in the box, as listed; null while only the Kernel's word for it is known. */
    changedAt: integer("changed_at"),
    /** When that was listed. */
    seenAt: integer("seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.box, table.rel] })],
);

/** The disk these lines are about: a box without this mark has another one, and lacks files for no fault of anybody. */
export const syncBox = sqliteTable("sync_box", {
  box: text("box").primaryKey(),
  mark: text("mark").notNull(),
  since: integer("since").notNull(),
});
