import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The computers of one person, by their names for them. */
export const computer = sqliteTable("computer", {
  name: text("name").primaryKey(),
  /** The label that its object is found by. */
  box: text("box").notNull(),
  createdAt: integer("created_at").notNull(),
  usedAt: integer("used_at").notNull(),
  /** Milliseconds that calls have kept it busy. */
  busyMs: integer("busy_ms").notNull().default(0),
});

/** Ports of computers that a link opens. What is in the link is not kept, only its hash. */
export const computerPort = sqliteTable(
  "computer_port",
  {
    name: text("name").notNull(),
    port: integer("port").notNull(),
    secretHash: text("secret_hash").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.port] })],
);

export const computerSnapshot = sqliteTable("computer_snapshot", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  label: text("label").notNull(),
  at: integer("at").notNull(),
  sizeBytes: integer("size_bytes").notNull(),
});
