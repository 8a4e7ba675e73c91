import { slackId } from "./ids.ts";
import type { Fields } from "./json.ts";
import { app, team, type Channel } from "./seed.ts";

/* Events as Slack sends them. Pure: shapes as in slackapi/java-slack-sdk json-logs and the event reference. */

/** The envelope around an event of the Events API. */
export function envelope(event: Fields, nowMs: number): Fields {
  return {
    token: "local-verification-token",
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: "event_callback",
    event_id: slackId("Ev", 10),
    event_time: Math.floor(nowMs / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.user, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${slackId("", 20)}`,
  };
}

const place = (channel: Channel): Fields => ({
  channel: channel.id,
  channel_type: channel.kind === "dm" ? "im" : "channel",
});

export const messageEvent = (channel: Channel, message: Fields): Fields => ({
  ...message,
  ...place(channel),
  event_ts: message.ts,
});

/** The second event for a message that names the app; only in channels. */
export function mentionEvent(channel: Channel, message: Fields): Fields {
  const { subtype: _subtype, user_team: _userTeam, source_team: _sourceTeam, ...rest } = message;
  return { ...rest, type: "app_mention", channel: channel.id, event_ts: message.ts };
}

export const changedEvent = (channel: Channel, message: Fields, previous: Fields, ts: string): Fields => ({
  type: "message",
  subtype: "message_changed",
  hidden: true,
  message,
  previous_message: previous,
  ...place(channel),
  ts,
  event_ts: ts,
});

export const deletedEvent = (channel: Channel, previous: Fields, ts: string): Fields => ({
  type: "message",
  subtype: "message_deleted",
  hidden: true,
  deleted_ts: previous.ts,
  previous_message: previous,
  ...place(channel),
  ts,
  event_ts: ts,
});

export const stoppedEvent = (
  channel: string,
  user: string,
  threadTs: string,
  streams: string[],
  ts: string,
): Fields => ({
  type: "agent_session_stopped",
  channel,
  user,
  thread_ts: threadTs,
  streaming_message_ts: streams,
  event_ts: ts,
});

export const homeOpenedEvent = (
  user: string,
  channel: string,
  tab: "home" | "messages",
  view: Fields | null,
  ts: string,
): Fields => ({
  type: "app_home_opened",
  user,
  channel,
  tab,
  ...(view === null ? {} : { view }),
  event_ts: ts,
});
