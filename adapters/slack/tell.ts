import { z } from "zod";
import type { SlackApi } from "./client.ts";
import type { SlackRefused } from "./errors.ts";
import { slackIds } from "./ids.ts";
import type { SlackPlace } from "./ids.ts";
import { clip, escapeText } from "./mrkdwn.ts";
import { wholeMessage } from "./render.ts";
import { slackLimits } from "./limits.ts";
import type { Entry } from "./view.ts";

const Posted = z.object({ ts: z.string() });

/** Who is answered by a message; null when that is nobody of Slack. */
function personOf(entry: Entry): string | null {
  if (entry.kind === "slot") return entry.recipient?.user ?? null;
  const id =
    entry.kind === "card" ? entry.card.requester : entry.content.from === "files" ? entry.content.principal : "";
  const [platform, , user] = id.split(":");
  return platform === "slack" && user ? user : null;
}

/**
 * Tells the person, in their DM with the app, that nothing can be written in the thread they asked in, and the beginning of
 * what would have stood there. Best effort: where that is refused as well there is nowhere left to say it.
 */
export async function tellInDm(
  api: SlackApi,
  place: SlackPlace,
  entry: Entry,
  refusal: SlackRefused,
): Promise<boolean> {
  const user = personOf(entry);
  if (user === null || slackIds.isDm(place.channel)) return false;
  const said = entry.kind === "slot" ? wholeMessage(entry).text : "";
  const text = `I cannot write in <#${place.channel}> where you asked me. ${escapeText(refusal.userMessage)}${said === "" ? "" : `\n\n${said}`}`;
  try {
    const args = {
      channel: user,
      text: clip(text, slackLimits.sectionChars),
      unfurl_links: false,
      unfurl_media: false,
    };
    await api.call("chat.postMessage", args, Posted);
    return true;
  } catch {
    return false;
  }
}
