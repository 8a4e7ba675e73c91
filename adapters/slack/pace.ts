import type { View } from "../../kernel/chat/types.ts";
import { readView } from "./view.ts";

/*
 * Slack counts calls of a method a minute for the whole workspace: 100 for appendStream, 50 for chat.update
 * (https://docs.slack.dev/apis/web-api/rate-limits). An answer begins lively and grows calmer.
 */
const paces = {
  stream: { firstMs: 500, stepMs: 60, lastMs: 2000 },
  edit: { firstMs: 1500, stepMs: 100, lastMs: 4000 },
} as const;

/** Least time between two calls of `present` that bring nothing but text deltas. */
export function paceMs(stored: View, now: number): number {
  const view = readView(stored);
  const last = view.entries.at(-1);
  const { firstMs, stepMs, lastMs } = paces[last?.kind === "slot" ? last.mode : view.streaming ? "stream" : "edit"];
  const pace = Math.min(lastMs, firstMs + view.calls * stepMs);
  return view.slowUntil > now ? pace * 2 : pace;
}
