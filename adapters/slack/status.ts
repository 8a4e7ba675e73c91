import { z } from "zod";
import type { SlackApi } from "./client.ts";
import { refused } from "./errors.ts";
import type { SlackPlace } from "./ids.ts";
import type { SlackMethod } from "./methods.ts";
import type { Session, SlackView } from "./view.ts";

const Done = z.object({ ok: z.literal(true) });

/** What is said where Slack has no sessions; an empty status clears it. */
const sentences: Record<Session, string> = {
  processing: "is working on it…",
  suspended: "is waiting for a decision…",
  active: "",
};

/**
 * Shows what the agent is doing. Best effort: a status never fails a turn and is never tried twice. Where sessions are
 * refused the older status line is used from then on, and where that is refused nothing.
 */
export async function setStatus(
  api: SlackApi,
  place: SlackPlace,
  view: SlackView,
  wanted: { session: Session; title: string },
): Promise<SlackView> {
  const status = { ...view.status, shown: wanted.session };
  const where = { channel_id: place.channel, thread_ts: place.threadTs };
  if (status.api === "sessions") {
    const title = wanted.title === "" ? {} : { title: wanted.title };
    const failed = await attempt(api, "agents.sessions.setStatus", { ...where, status: wanted.session, ...title });
    if (!failed) return { ...view, status };
    status.api = "assistant";
  }
  if (status.api === "assistant") {
    const failed = await attempt(api, "assistant.threads.setStatus", { ...where, status: sentences[wanted.session] });
    if (failed) status.api = "none";
  }
  return { ...view, status };
}

/** True when Slack refuses the method as such; trouble of the moment is let go. */
async function attempt(api: SlackApi, method: SlackMethod, args: Record<string, unknown>): Promise<boolean> {
  try {
    await api.call(method, args, Done);
    return false;
  } catch (thrown) {
    return refused(thrown);
  }
}
