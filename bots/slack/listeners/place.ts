import type { Context } from "@slack/bolt";
import { originOf } from "../origin.ts";
import type { ListenerParts } from "./types.ts";

/** The workspace (or organisation) whose token serves a request; null, and a line in the log, where the app is not installed. */
export function placeOf(parts: ListenerParts, context: Context, body: unknown, type: string): string | null {
  const origin = originOf(body);
  const place = origin?.team ?? origin?.enterprise ?? null;
  if (place !== null && context["installed"] !== false) return place;
  parts.log.info("slack: ignored", { type, why: place === null ? "no_team" : "not_installed" });
  return null;
}
