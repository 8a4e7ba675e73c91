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

const stored = (input: unknown): string => JSON.stringify(input).slice(0, limits.audit.maxInputChars);

/**
 * What a call is known by: with its turn, because ids of calls are their Thread's and come again in other threads.
 */
export const callKey = ({ turn, call }: Pick<ToolCall, "turn" | "call">): string => `${turn} ${call}`;

/** The id of the nth call that is made from within a call. */
export const callWithin = (call: string, n: number): string => `${call}:${n}`;
const callAbove = (call: string): string | null => (call.includes(":") ? call.slice(0, call.lastIndexOf(":")) : null);

/** The calls of this person's tools: what was started, what came of it. */
export class Ledger {
  #db: DrizzleSqliteDODatabase;

  constructor(db: DrizzleSqliteDODatabase) {
    this.#db = db;
  }

  known(given: ToolCall): Known {
    const found = this.#db
      .select({ state: toolCall.state, reply: toolCall.reply })
      .from(toolCall)
      .where(eq(toolCall.call, callKey(given)))
      .get();
    if (!found) return { state: "new" };
    const row = Row.parse(found);
    return row.reply ? { state: "ended", reply: row.reply } : { state: "running" };
  }

  /**
   * The tools of the calls from within which a call is made, the model's own first: read off its id, which goes on from
   * theirs, and off their rows. So it is known whichever way the call came, by a person's yes too.
   */
  above({ turn, call }: Pick<ToolCall, "turn" | "call">): string[] {
    const tools: string[] = [];
    for (let id = callAbove(call); id !== null; id = callAbove(id)) {
      const key = callKey({ turn, call: id });
      const row = this.#db.select({ tool: toolCall.tool }).from(toolCall).where(eq(toolCall.call, key)).get();
      if (!row) break;
      tools.unshift(row.tool);
    }
    return tools;
  }

  start(call: ToolCall, capability: string, now: number): void {
    const { tool, thread, turn } = call;
    const input = stored(call.input);
    this.#db
      .insert(toolCall)
      .values({ call: callKey(call), thread, turn, tool, capability, input, state: "running", startedAt: now })
      .run();
  }

  end(call: ToolCall, reply: Outcome<ToolReply>, now: number): void {
    const change = { state: reply.ok ? "ok" : "error", reply: JSON.stringify(reply), endedAt: now };
    this.#db
      .update(toolCall)
      .set(change)
      .where(eq(toolCall.call, callKey(call)))
      .run();
  }
}
