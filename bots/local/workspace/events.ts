import { slackId } from "./ids.ts";
import { fieldsOf, textOf, type Fields } from "./json.ts";
import { app, team, teamOf, type Channel } from "./seed.ts";

/* Events as Slack sends them. Pure: shapes as in slackapi/java-slack-sdk json-logs and the event reference. */

/** What an envelope says beside the event itself. */
export interface EnvelopeContext {
  nowMs: number;
  grid: { id: string; orgInstall: boolean } | null;
  /** Another workspace, or organisation, in which the app is installed too. */
  place?: string | undefined;
  /** The event is of a channel that is shared with another company. */
  shared: boolean;
}

/** The envelope around an event of the Events API. */
export function envelope(event: Fields, { nowMs, grid, shared, place }: EnvelopeContext): Fields {
  const orgInstall = place === undefined ? (grid?.orgInstall ?? false) : place === grid?.id;
  const teamId = place === undefined || orgInstall ? team.id : place;
  return {
    token: "local-verification-token",
    team_id: teamId,
    ...(grid === null ? {} : { enterprise_id: grid.id }),
    context_team_id: teamId,
    context_enterprise_id: grid?.id ?? null,
    api_app_id: app.id,
    event,
    type: "event_callback",
    event_id: slackId("Ev", 10),
    event_time: Math.floor(nowMs / 1000),
    authorizations: [
      {
        enterprise_id: grid?.id ?? null,
        // An app that is installed for the whole organisation is authorised by it, not by a workspace.
        team_id: orgInstall ? null : teamId,
        user_id: app.user,
        is_bot: true,
        is_enterprise_install: orgInstall,
      },
    ],
    is_ext_shared_channel: shared,
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

/** Where an event happened, or "" for one that has no place. */
export const channelOfEvent = (event: Fields): string =>
  textOf(event.channel) || textOf(event.channel_id) || textOf(fieldsOf(event.item).channel);

/** True when the app is subscribed to it; `message` is subscribed to by the kind of its channel. */
export function isSubscribed(events: readonly string[] | null, event: Fields): boolean {
  if (events === null) return true;
  const kind = textOf(event.channel_type);
  return events.includes(
    event.type === "message" ? `message.${kind === "im" ? "im" : `${kind}s`}` : textOf(event.type),
  );
}

export const titleChangedEvent = (
  place: { channel: string; threadTs: string; user: string },
  titles: { title: string; previous: string },
  ts: string,
): Fields => ({
  type: "agent_session_title_changed",
  channel: place.channel,
  user: place.user,
  team_id: teamOf(place.user).id,
  thread_ts: place.threadTs,
  title: titles.title,
  ...(titles.previous === "" ? {} : { previous_title: titles.previous }),
  event_ts: ts,
});

export const reactionEvent = (
  on: boolean,
  reaction: { user: string; name: string; channel: string; ts: string; author: string },
  ts: string,
): Fields => ({
  type: on ? "reaction_added" : "reaction_removed",
  user: reaction.user,
  reaction: reaction.name,
  item: { type: "message", channel: reaction.channel, ts: reaction.ts },
  item_user: reaction.author,
  event_ts: ts,
});

export const fileSharedEvent = (channel: string, user: string, file: string, ts: string): Fields => ({
  type: "file_shared",
  channel_id: channel,
  file_id: file,
  user_id: user,
  file: { id: file },
  event_ts: ts,
});

export const linkSharedEvent = (
  message: { channel: string; user: string; ts: string; threadTs: string | null },
  links: { domain: string; url: string }[],
  isMember: boolean,
  ts: string,
): Fields => ({
  type: "link_shared",
  channel: message.channel,
  is_bot_user_member: isMember,
  user: message.user,
  message_ts: message.ts,
  ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
  unfurl_id: unfurlId(message.channel, message.ts),
  source: "conversations_history",
  links,
  event_ts: ts,
});

/** Slack's is opaque; this one says which message it is of. */
export const unfurlId = (channel: string, ts: string): string => `Uf.${channel}.${ts}`;

export const entityDetailsEvent = (
  user: string,
  place: { channel: string; ts: string; threadTs: string | null },
  entity: { url: string; app_unfurl_url?: string | undefined; external_ref: Fields },
  trigger: string,
  ts: string,
): Fields => ({
  type: "entity_details_requested",
  user,
  external_ref: entity.external_ref,
  entity_url: entity.url,
  link: { url: entity.url, domain: URL.canParse(entity.url) ? new URL(entity.url).host : "" },
  app_unfurl_url: entity.app_unfurl_url ?? entity.url,
  trigger_id: trigger,
  user_locale: "en-US",
  channel: place.channel,
  message_ts: place.ts,
  ...(place.threadTs === null ? {} : { thread_ts: place.threadTs }),
  event_ts: ts,
});

/** The bot's tokens of an installation are revoked. */
export const tokensRevokedEvent = (): Fields => ({ type: "tokens_revoked", tokens: { oauth: [], bot: [app.user] } });
export const uninstalledEvent = (): Fields => ({ type: "app_uninstalled" });
