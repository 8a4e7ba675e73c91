import { z } from "zod";
import type { ChatMessage } from "../../kernel/chat/types.ts";
import type { MessageId, ThreadId } from "../../kernel/ids.ts";
import type { SlackApi } from "./client.ts";
import type { Self } from "./find.ts";
import { slackIds } from "./ids.ts";
import { ours, slackLimits } from "./limits.ts";
import { readMessage } from "./parse.ts";
import { SlackMessage } from "./payloads.ts";

const Replies = z.object({
  messages: z.array(z.unknown()),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** An edited message is read as it stands now, and a bot's message is part of what was said. */
const asSaid = (raw: unknown): unknown =>
  typeof raw === "object" && raw !== null ? { ...raw, edited: undefined, bot_id: undefined } : raw;

/** Messages of the thread before `before`, oldest first, the last `limit` of them; our own are not among them. */
export async function readHistory(
  api: SlackApi,
  self: Self,
  thread: ThreadId,
  before: MessageId,
  limit: number,
  after?: MessageId,
): Promise<ChatMessage[]> {
  const { team, channel, threadTs } = slackIds.place(thread);
  const latest = slackIds.ts(before);
  if (limit <= 0) return [];
  let messages: ChatMessage[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < ours.historyPages; page++) {
    const answer = await api.call(
      "conversations.replies",
      {
        channel,
        ts: threadTs,
        latest,
        ...(after === undefined ? {} : { oldest: slackIds.ts(after) }),
        inclusive: false,
        limit: slackLimits.repliesPerPage,
        ...(cursor === undefined ? {} : { cursor }),
      },
      Replies,
    );
    for (const raw of answer.messages) {
      const message = SlackMessage.safeParse(asSaid(raw));
      // The root comes with every page, `latest` or not.
      if (
        !message.success ||
        message.data.ts >= latest ||
        (after !== undefined && message.data.ts <= slackIds.ts(after)) ||
        messages.some((one) => slackIds.ts(one.id) === message.data.ts)
      )
        continue;
      const { input } = readMessage(message.data, { team, channel, bot: self.user, here: [team] });
      if (input !== null) messages.push(input);
    }
    messages = messages.slice(-limit);
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  return messages;
}
