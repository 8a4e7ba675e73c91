import { z } from "zod";
import type { ChatAction } from "../../kernel/chat/types.ts";
import { homeOf } from "./home-team.ts";
import { slackIds, tsToMs } from "./ids.ts";

/*
 * Events that are no message and yet say something about a turn: the Stop button, and the deletion of a question.
 */

/** Workspaces and organisations that an event names as its own. */
export type Here = readonly (string | null | undefined)[];

/** Where an event stands: the team that installed the app, and where its people are when it names no team. */
export interface SignalContext {
  team: string;
  here: Here;
}

const stamp = z.string().regex(/^\d+\.\d+$/);

const Stopped = z.looseObject({ channel: z.string(), user: z.string(), thread_ts: stamp, event_ts: stamp.nullish() });

/** Slack's Stop button (`agent_session_stopped`). */
export function readStop(event: unknown, { team, here }: SignalContext): ChatAction | null {
  const read = Stopped.safeParse(event);
  if (!read.success) return null;
  const { channel, user, thread_ts: threadTs, event_ts: eventTs } = read.data;
  return {
    kind: "action",
    id: `stop:${channel}:${threadTs}:${user}:${eventTs ?? ""}`,
    thread: slackIds.thread({ team, channel, threadTs }),
    channel: slackIds.channel(team, channel),
    by: { id: slackIds.user(homeOf([], here, here) ?? team, user), name: user },
    action: "stop",
    subject: "",
    value: "",
    at: eventTs ? tsToMs(eventTs) : 0,
  };
}

const Deleted = z.looseObject({
  channel: z.string(),
  deleted_ts: stamp,
  event_ts: stamp.nullish(),
  previous_message: z.looseObject({
    user: z.string(),
    ts: stamp,
    thread_ts: stamp.nullish(),
    user_team: z.string().nullish(),
    source_team: z.string().nullish(),
    team: z.string().nullish(),
    bot_id: z.string().nullish(),
  }),
});

/** A person's message is gone (`message_deleted`): whatever it asked for is not wanted any more. */
export function readDeletion(event: unknown, { team, here }: SignalContext): ChatAction | null {
  const read = Deleted.safeParse(event);
  if (!read.success || read.data.previous_message.bot_id) return null;
  const { channel, deleted_ts: ts, previous_message: gone } = read.data;
  const home = homeOf([gone.user_team, gone.source_team, gone.team], here, here) ?? team;
  return {
    kind: "action",
    id: `deleted:${channel}:${ts}`,
    thread: slackIds.thread({ team, channel, threadTs: gone.thread_ts ?? ts }),
    channel: slackIds.channel(team, channel),
    by: { id: slackIds.user(home, gone.user), name: gone.user },
    action: "deleted",
    subject: slackIds.message(team, channel, ts),
    value: "",
    at: tsToMs(read.data.event_ts ?? ts),
  };
}
