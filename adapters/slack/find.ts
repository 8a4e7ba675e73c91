import { z } from "zod";
import type { SlackApi } from "./client.ts";
import { msToTs } from "./ids.ts";
import type { SlackPlace } from "./ids.ts";
import { slackLimits } from "./limits.ts";
import type { SlackView } from "./view.ts";

/** Who we are in the workspace: the bot's user and its bot id. */
export interface Self {
  user: string;
  bot: string | null;
}

const AuthTest = z.object({ user_id: z.string(), bot_id: z.string().nullish() });

/** Asks Slack who we are, once. */
export function selfOf(api: SlackApi, botUserId?: string): () => Promise<Self> {
  let self: Promise<Self> | null = botUserId === undefined ? null : Promise.resolve({ user: botUserId, bot: null });
  return async () => {
    self ??= api
      .call("auth.test", {}, AuthTest)
      .then((answer) => ({ user: answer.user_id, bot: answer.bot_id ?? null }));
    try {
      return await self;
    } catch (thrown) {
      self = null;
      throw thrown;
    }
  };
}

const Replies = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().nullish(),
      bot_id: z.string().nullish(),
      files: z.array(z.object({ id: z.string() })).nullish(),
      metadata: z.object({ event_type: z.string().nullish(), event_payload: z.looseObject({}).nullish() }).nullish(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** Slack's clock and ours may differ by so much. */
const skewMs = 120_000;
const maxPages = 5;

/**
 * Where a message stands that may have been posted before a crash: a posted one carries our id, a file is known by
 * its own, a stream is the first message of ours that is newer than all we know and carries none. Null when there is none.
 */
export async function findPosted(
  api: SlackApi,
  self: Self,
  place: SlackPlace,
  view: SlackView,
  wanted: { id: string; stream: boolean; since: number; file: string | null },
): Promise<string | null> {
  const after = wanted.stream && view.high !== "" ? view.high : msToTs(wanted.since - skewMs);
  const known = new Set(view.entries.map((entry) => entry.ts));
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await api.call(
      "conversations.replies",
      {
        channel: place.channel,
        ts: place.threadTs,
        oldest: after,
        include_all_metadata: true,
        limit: slackLimits.repliesPerPage,
        ...(cursor === undefined ? {} : { cursor }),
      },
      Replies,
    );
    for (const message of answer.messages) {
      if (wanted.file !== null) {
        if (message.files?.some((file) => file.id === wanted.file)) return message.ts;
        continue;
      }
      const ours = message.metadata?.event_type === "deckhand";
      if (!wanted.stream) {
        if (ours && message.metadata?.event_payload?.["id"] === wanted.id) return message.ts;
        continue;
      }
      const own = message.user === self.user || (self.bot !== null && message.bot_id === self.bot);
      if (own && !ours && message.ts > after && message.ts !== place.threadTs && !known.has(message.ts))
        return message.ts;
    }
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return null;
  }
  return null;
}
