import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const approval = sqliteTable(
  "approval",
  {
    id: text("id").primaryKey(),
    turn: text("turn").notNull(),
    /** The model's tool call, which is parked until this is decided. */
    call: text("call").notNull().unique(),
    tool: text("tool").notNull(),
    /** Canonical JSON of { tool, input, pinned }: what was shown and what will run. */
    subject: text("subject").notNull(),
    hash: text("hash").notNull(),
    card: text("card").notNull(),
    state: text("state").notNull(),
    decidedBy: text("decided_by"),
    decidedAt: integer("decided_at"),
    answer: text("answer"),
    /** The press that decided it: delivered again, it is no second one. */
    press: text("press"),
  },
  (table) => [
    index("approval_open")
      .on(table.state)
      .where(sql`state IN ('pending', 'approved')`),
  ],
);
