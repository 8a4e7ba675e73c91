import { channelId, messageId, threadId, userId } from "../../kernel/ids.ts";
import type { ChannelId, MessageId, ThreadId, UserId } from "../../kernel/ids.ts";

/** Slack's part of our ids: the first segment of every id made here. */
export const PLATFORM = "slack";

/** A place in Slack: the team that installed the app, the channel or DM, and the root message of the thread. */
export interface SlackPlace {
  team: string;
  channel: string;
  /** `thread_ts` of a reply, the message's own `ts` of a root; a root in a DM has no `thread_ts`. */
  threadTs: string;
}

/**
 * Slack ids to ours and back. The channel's team is the one that installed the app; a person's team is their own one,
 * which in a shared channel is another.
 */
export const slackIds = {
  channel: (team: string, channel: string): ChannelId =>
    channelId.make({ platform: PLATFORM, workspace: team, channel }),
  thread: (place: SlackPlace): ThreadId =>
    threadId.make({ platform: PLATFORM, workspace: place.team, channel: place.channel, root: place.threadTs }),
  message: (team: string, channel: string, ts: string): MessageId =>
    messageId.make({ platform: PLATFORM, workspace: team, channel, message: ts }),
  user: (team: string, user: string): UserId => userId.make({ platform: PLATFORM, workspace: team, user }),

  place: (thread: ThreadId): SlackPlace => {
    const { workspace, channel, root } = threadId.parse(thread);
    return { team: workspace, channel, threadTs: root };
  },
  ts: (message: MessageId): string => messageId.parse(message).message,
  person: (user: UserId): { team: string; user: string } => {
    const { workspace, user: id } = userId.parse(user);
    return { team: workspace, user: id };
  },
  /** True when the person is one of Slack, so that `<@…>` means something. */
  isSlack: (user: UserId): boolean => userId.parse(user).platform === PLATFORM,
  /** A DM with the app: streams there need no recipient. */
  isDm: (channel: string): boolean => channel.startsWith("D"),
};

/** Slack's `ts` (seconds, six decimals) as milliseconds since the epoch. */
export const tsToMs = (ts: string): number => Math.round(Number(ts) * 1000);
/** Milliseconds since the epoch as a `ts` that can be compared with Slack's. */
export const msToTs = (ms: number): string => (Math.max(0, ms) / 1000).toFixed(6);
