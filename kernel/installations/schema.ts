import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The one installation of the object; its tokens are sealed and gone when it is removed. */
export const installation = sqliteTable("installation", {
  id: integer("id").primaryKey(),
  about: text("about").notNull(),
  access: text("access").notNull(),
  refresh: text("refresh"),
  expiresAt: integer("expires_at"),
  installedAt: integer("installed_at").notNull(),
  renewedAt: integer("renewed_at").notNull(),
});

/** The organisation whose installation serves this workspace. */
export const organisation = sqliteTable("organisation", {
  id: integer("id").primaryKey(),
  installation: text("installation").notNull(),
});

/** Tickets that were used, until they would have run out. */
export const spent = sqliteTable("spent", {
  ticket: text("ticket").primaryKey(),
  until: integer("until").notNull(),
});
