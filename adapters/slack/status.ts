import { z } from "zod";
import { KernelError } from "../../kernel/errors.ts";
import type { SlackApi } from "./client.ts";
import { rateLimited, refused } from "./errors.ts";
import { slackIds } from "./ids.ts";
import type { SlackPlace } from "./ids.ts";
import { ours } from "./limits.ts";
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
 * Shows what the agent is doing. It never fails a turn: what Slack does not take just now stays unshown until its time has
 * come, a bounded number of times. Where sessions are refused the older status line is used from then on, and where that is
 * refused nothing.
 */
export async function setStatus(
  api: SlackApi,
  place: SlackPlace,
  view: SlackView,
  wanted: { session: Session; title: string },
  now: number,
): Promise<SlackView> {
  const before = view.status;
  const status = { ...before, shown: wanted.session, tries: 0, after: 0 };
  const later = ({ ms, known }: Later): SlackView => {
    const tries = before.tries + 1;
    if (tries > ours.statusTries) return { ...view, status };
    // Without an answer nobody knows what Slack shows.
    const shown = known ? before.shown : null;
    return { ...view, status: { ...status, shown, tries, after: now + Math.max(ms, ours.statusAgainMs) } };
  };
  const where = { channel_id: place.channel, thread_ts: place.threadTs };
  if (status.api === "sessions") {
    const title = wanted.title === "" ? {} : { title: wanted.title };
    const came = await attempt(api, "agents.sessions.setStatus", { ...where, status: wanted.session, ...title });
    if (came === "done") return { ...view, status };
    if (came !== "refused") return later(came);
    status.api = "assistant";
  }
  if (status.api === "assistant") {
    const loading = wanted.session === "processing" ? { loading_messages: loadingMessages } : {};
    const line = { ...where, status: sentences[wanted.session], ...loading };
    const came = await attempt(api, "assistant.threads.setStatus", line);
    if (came === "refused") status.api = "none";
    else if (came !== "done") return later(came);
    else if (wanted.session === "processing" && wanted.title !== "" && slackIds.isDm(place.channel))
      await attempt(api, "assistant.threads.setTitle", { ...where, title: wanted.title });
  }
  return { ...view, status };
}

/** Slack could not be told just now. `known`: it said so, and did nothing. */
interface Later {
  ms: number;
  known: boolean;
}

/** `refused`: Slack refuses the method as such. */
async function attempt(
  api: SlackApi,
  method: SlackMethod,
  args: Record<string, unknown>,
): Promise<"done" | "refused" | Later> {
  try {
    await api.call(method, args, Done);
    return "done";
  } catch (thrown) {
    if (refused(thrown)) return "refused";
    if (!(thrown instanceof KernelError) || !thrown.retryable) return "done";
    return { ms: thrown.retryAfterMs ?? 0, known: rateLimited(thrown) };
  }
}
