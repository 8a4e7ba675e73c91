import { eq } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import { ErrorShape, type Outcome } from "../errors.ts";
import { limits } from "../limits.ts";
import { toolCall } from "./schema.ts";
import { ToolReply, type ToolCall } from "./types.ts";

const StoredReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: ToolReply }),
  z.object({ ok: z.literal(false), error: ErrorShape }),
]);
const Row = z.object({
  state: z.enum(["running", "ok", "error"]),
  reply: z
    .string()
    .transform((text) => StoredReply.parse(JSON.parse(text)))
    .nullable(),
});

export type Known = { state: "new" } | { state: "running" } | { state: "ended"; reply: Outcome<ToolReply> };

/** The calls of this person's tools: what was started, what came of it. */
export class Ledger {
  #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  known(call: string): Known {
    const found = this.#db
      .select({ state: toolCall.state, reply: toolCall.reply })
      .from(toolCall)
      .where(eq(toolCall.call, call))
      .get();
    if (!found) return { state: "new" };
    const row = Row.parse(found);
    return row.reply ? { state: "ended", reply: row.reply } : { state: "running" };
  }

  start(call: ToolCall, capability: string, now: number): void {
    const { tool, thread, turn } = call;
    const input = JSON.stringify(call.input).slice(0, limits.audit.maxInputChars);
    this.#db
      .insert(toolCall)
      .values({ call: call.call, thread, turn, tool, capability, input, state: "running", startedAt: now })
      .run();
  }

  end(call: string, reply: Outcome<ToolReply>, now: number): void {
    const change = { state: reply.ok ? "ok" : "error", reply: JSON.stringify(reply), endedAt: now };
    this.#db.update(toolCall).set(change).where(eq(toolCall.call, call)).run();
  }
}
