import type { Addressed, ChatAction, ChatInput, ChatMessage, FileRef } from "../../kernel/chat/types.ts";
import { limits } from "../../kernel/limits.ts";
import { readAction } from "./actions.ts";
import { homeOf, workspaceOf } from "./home-team.ts";
import { slackIds, tsToMs } from "./ids.ts";
import { toMarkdown } from "./mrkdwn.ts";
import { sharedIn } from "./shared.ts";
import { readDeletion, readStop, type Here } from "./signals.ts";
import { BlockActions, EventEnvelope, SlackFile, SlackMessage } from "./payloads.ts";

/** Why something from Slack is not for us; for the log, and nothing is decided by it. */
export type Ignored =
  | "malformed"
  | "unknown_event"
  | "unknown_action"
  | "no_team"
  | "no_author"
  | "own_message"
  | "bot_message"
  | "edited"
  | "deleted"
  | "subtype"
  | "empty";

export type Parsed<T extends ChatInput = ChatInput> = { input: T; ignored: null } | { input: null; ignored: Ignored };

const ignore = (ignored: Ignored) => ({ input: null, ignored }) as const;

/** Subtypes that are a person's message; every other one is an edit, a deletion or Slack's own talk. */
const personal = new Set(["file_share", "thread_broadcast", "me_message"]);

export interface MessageContext {
  /** The team that installed the app. */
  team: string;
  channel: string;
  /** Our own user, so that its mention is known; null when Slack did not say. */
  bot: string | null;
  /** Where a person's team is when the message names none: workspaces and the organisation. */
  here: Here;
  /** Bots (`B…`) whose messages count like a person's; every other one starts nothing. */
  allowedBots?: ReadonlySet<string>;
}

function addressed(message: SlackMessage, mentioned: boolean, channel: string): Addressed {
  if (message.type === "app_mention" || mentioned) return "mention";
  if (message.channel_type === "im" || slackIds.isDm(channel)) return "dm";
  return message.thread_ts ? "thread" : "none";
}

function fileRefs(files: readonly unknown[]): FileRef[] {
  return files.slice(0, limits.turn.maxFiles).flatMap((raw) => {
    const { success, data: file } = SlackFile.safeParse(raw);
    // A tombstone is the trace of a file that was deleted.
    if (!success || file.mode === "tombstone") return [];
    return {
      id: file.id,
      name: (file.name ?? file.title ?? file.id).slice(0, 512),
      mediaType: (file.mimetype ?? "application/octet-stream").slice(0, 200),
      sizeBytes: Math.max(0, Math.trunc(file.size ?? 0)),
      source: {
        id: file.id,
        url: file.url_private_download ?? file.url_private ?? null,
        access: file.file_access ?? "visible",
      },
    };
  });
}

const authorTeam = (
  { user_team, source_team, team }: SlackMessage,
  { team: installed, here }: MessageContext,
): string => homeOf([user_team, source_team, team], here, here) ?? installed;

/** One Slack message of a person as ours. The same function reads events and the history of a thread. */
export function readMessage(message: SlackMessage, context: MessageContext): Parsed<ChatMessage> {
  if (message.subtype === "message_deleted") return ignore("deleted");
  if (message.subtype === "message_changed" || message.edited) return ignore("edited");
  if (message.user && message.user === context.bot) return ignore("own_message");
  const isBot = Boolean(message.bot_id) || message.subtype === "bot_message";
  if (isBot && !context.allowedBots?.has(message.bot_id ?? "")) return ignore("bot_message");
  if ((message.subtype && !isBot && !personal.has(message.subtype)) || message.hidden) return ignore("subtype");
  // A workflow has no user of its own.
  const author = message.user ?? message.bot_id;
  if (!author) return ignore("no_author");

  const raw = message.text ?? "";
  // Each run of spaces is read from its beginning only, each mention to the next at most: linear in what people send.
  const self = context.bot === null ? null : new RegExp(`(?<![ \\t])[ \\t]*<@${context.bot}(?:\\|[^<>]*)?>[,:]?`, "g");
  const mentioned = self !== null && raw.search(self) !== -1;
  const said = toMarkdown(self === null ? raw : raw.replace(self, "")).trim();
  const shared = sharedIn(message.attachments ?? []);
  const text = [said, ...shared.quotes].filter((part) => part !== "").join("\n\n");
  const files = fileRefs([...(message.files ?? []), ...shared.files]);
  const to = addressed(message, mentioned, context.channel);
  if (text === "" && files.length === 0 && to !== "mention") return ignore("empty");

  const threadTs = message.thread_ts ?? message.ts;
  return {
    ignored: null,
    input: {
      kind: "message",
      id: slackIds.message(context.team, context.channel, message.ts),
      thread: slackIds.thread({ team: context.team, channel: context.channel, threadTs }),
      channel: slackIds.channel(context.team, context.channel),
      author: {
        id: slackIds.user(authorTeam(message, context), author),
        // `app_mention` and `message` must give the same message, and only one of them ever brings a profile.
        name: author,
      },
      text: text.slice(0, limits.channel.maxMessageChars),
      files,
      addressed: to,
      root: threadTs === message.ts,
      at: tsToMs(message.ts),
    },
  };
}

/**
 * An Events API envelope as something for the Channel, or why it is nothing for us. `app_mention` and `message` for one
 * `ts` give the very same message.
 */
export function parseEvent(body: unknown, allowedBots?: ReadonlySet<string>): Parsed {
  const envelope = EventEnvelope.safeParse(body);
  if (!envelope.success) return ignore("malformed");
  const { event, authorizations } = envelope.data;
  const subtype = "subtype" in event ? event["subtype"] : undefined;
  if (subtype === "message_changed") return ignore("edited");
  if (event.type === "agent_session_stopped" || subtype === "message_deleted") return signal(envelope.data);
  if (event.type !== "message" && event.type !== "app_mention") return ignore("unknown_event");

  const parsed = SlackMessage.safeParse(event);
  if (!parsed.success || !parsed.data.channel) return ignore("malformed");

  const installed = authorizations?.[0];
  const team = teamOf(envelope.data);
  if (!team) return ignore("no_team");
  const bot = authorizations?.find((authorization) => authorization.is_bot)?.user_id ?? installed?.user_id ?? null;
  return readMessage(parsed.data, {
    team,
    channel: parsed.data.channel,
    bot,
    here: hereOf(envelope.data),
    ...(allowedBots ? { allowedBots } : {}),
  });
}

/** The team that installed the app, and whose token answers. */
function teamOf({ authorizations, team_id: teamId, enterprise_id: enterpriseId }: EventEnvelope): string | null {
  const installed = authorizations?.[0];
  return workspaceOf(installed?.team_id, teamId, installed?.enterprise_id, enterpriseId);
}

/** Where an event happened. */
const hereOf = ({ authorizations, team_id: teamId, enterprise_id: enterpriseId }: EventEnvelope): Here => [
  teamId,
  authorizations?.[0]?.team_id,
  authorizations?.[0]?.enterprise_id,
  enterpriseId,
];

function signal(envelope: EventEnvelope): Parsed<ChatAction> {
  const team = teamOf(envelope);
  if (!team) return ignore("no_team");
  const context = { team, here: hereOf(envelope) };
  const { event } = envelope;
  const input = event.type === "agent_session_stopped" ? readStop(event, context) : readDeletion(event, context);
  return input === null ? ignore(event.type === "message" ? "deleted" : "malformed") : { input, ignored: null };
}

/** A `block_actions` payload as a press on one of our buttons, or why it is none. */
export function parseAction(body: unknown): Parsed<ChatAction> {
  const payload = BlockActions.safeParse(body);
  if (!payload.success) return ignore("malformed");
  const { actions, user, container, message, team: acting, enterprise } = payload.data;
  const pressed = actions[0];
  const read = pressed ? readAction(pressed.action_id, pressed.value ?? "") : null;
  if (!pressed || !read) return ignore("unknown_action");

  const channel = payload.data.channel?.id ?? container.channel_id;
  const messageTs = container.message_ts ?? message?.ts;
  if (!channel || !messageTs) return ignore("malformed");
  // In a shared channel `team` is the clicker's; our message stands in the team that installed us.
  const team = workspaceOf(message?.team, acting?.id, user.team_id, enterprise?.id);
  const home = homeOf([user.team_id], [acting?.id, message?.team], [acting?.enterprise_id, enterprise?.id]);
  if (!team || !home) return ignore("no_team");

  const at = pressed.action_ts ?? messageTs;
  const threadTs = container.thread_ts ?? message?.thread_ts ?? messageTs;
  return {
    ignored: null,
    input: {
      kind: "action",
      id: `${slackIds.message(team, channel, messageTs)}:${pressed.action_id}:${user.id}:${at}`.slice(0, 300),
      thread: slackIds.thread({ team, channel, threadTs }),
      channel: slackIds.channel(team, channel),
      by: { id: slackIds.user(home, user.id), name: user.username ?? user.name ?? user.id },
      ...read,
      at: tsToMs(at),
    },
  };
}
