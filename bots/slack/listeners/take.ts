import type { Context } from "@slack/bolt";
import type { Parsed } from "../../../adapters/slack/parse.ts";
import type { ListenerParts } from "./types.ts";

/** Hands on what was parsed, when it is for us and from where the app is installed. */
export async function take(parts: ListenerParts, context: Context, parsed: Parsed, type: string): Promise<void> {
  if (parsed.input === null) parts.log.debug("slack: ignored", { type, why: parsed.ignored });
  else if (context["installed"] === false) parts.log.info("slack: ignored", { type, why: "not_installed" });
  else await parts.intake(parsed.input);
}
