import { z } from "zod";
import type { SlackApi } from "./client.ts";
import { refused } from "./errors.ts";
import { slackIds } from "./ids.ts";
import type { SlackPlace } from "./ids.ts";
import type { SlackMethod } from "./methods.ts";
import type { Session, SlackView } from "./view.ts";

const Done = z.object({ ok: z.literal(true) });

/** What is said where Slack has no sessions; an empty status clears it. */
const sentences: Record<Session, string> = {
  processing: "is working on it…",
  suspended: "is waiting for a decision…",
  active: "",
  closed: "",
};

/** Shown in turn while it works. */
const loadingMessages = ["Reading the thread…", "Thinking…", "Working on it…"];

/** What a person who knows nothing of it may begin with. */
const prompts = [
  { title: "What can you do?", message: "help" },
  { title: "Show my files", message: "list files" },
  { title: "Compute something", message: "compute the first 20 primes" },
];

/** In a DM, once: prompts to go on with. Best effort, as the status is. */
export async function suggestPrompts(api: SlackApi, place: SlackPlace, view: SlackView): Promise<SlackView> {
  const where = { channel_id: place.channel, thread_ts: place.threadTs };
  await attempt(api, "assistant.threads.setSuggestedPrompts", { ...where, prompts });
  return { ...view, prompted: true };
}

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
    const loading = wanted.session === "processing" ? { loading_messages: loadingMessages } : {};
    const line = { ...where, status: sentences[wanted.session], ...loading };
    const failed = await attempt(api, "assistant.threads.setStatus", line);
    if (failed) status.api = "none";
    else if (wanted.session === "processing" && wanted.title !== "" && slackIds.isDm(place.channel))
      await attempt(api, "assistant.threads.setTitle", { ...where, title: wanted.title });
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
