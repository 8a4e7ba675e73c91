import { z } from "zod";
import type { ChatMessage, FileRef, Principal } from "../../kernel/chat/types.ts";
import type { UserId } from "../../kernel/ids.ts";
import { limits } from "../../kernel/limits.ts";
import { homeOf } from "./home-team.ts";
import { slackIds, tsToMs } from "./ids.ts";
import { ours, slackLimits } from "./limits.ts";
import { clip, toMarkdown } from "./mrkdwn.ts";
import { acting, actor, SlackFile, SlackMessage, slackId, slackStamp } from "./payloads.ts";

/** The message that "Ask Deckhand about this" was chosen on, small enough to go along with the form. */
export const QuotedMessage = z.object({
  team: slackId,
  channel: slackId,
  ts: slackStamp,
  thread: slackStamp,
  /** Who wrote it; null for an app. */
  user: slackId.nullable(),
  /** Markdown, its beginning. */
  text: z.string(),
  files: z.array(
    z.object({ id: z.string().max(64), name: z.string(), type: z.string(), size: z.number().nonnegative() }),
  ),
});
export type QuotedMessage = z.infer<typeof QuotedMessage>;

const MessageAction = z.object({
  type: z.literal("message_action"),
  trigger_id: z.string().max(200),
  ...acting,
  user: actor,
  channel: z.object({ id: slackId }),
  message: z.unknown(),
});

export interface Chosen {
  by: Principal;
  trigger: string;
  quoted: QuotedMessage;
}

/** The choice in a message's menu; null when it is nothing that can be asked about. `team` installed the app. */
export function readChosen(body: unknown, team: string): Chosen | null {
  const read = MessageAction.safeParse(body);
  if (!read.success) return null;
  const message = SlackMessage.safeParse(read.data.message);
  const { user, trigger_id: trigger, channel, team: from, enterprise } = read.data;
  const home = homeOf([user.team_id], [from?.id], [from?.enterprise_id, enterprise?.id]);
  if (!message.success || !home) return null;
  const { ts, thread_ts: thread, text, files, user: author } = message.data;
  const quoted: QuotedMessage = {
    team,
    channel: channel.id,
    ts,
    thread: thread ?? ts,
    user: author ?? null,
    text: clip(toMarkdown(text ?? ""), ours.quoteChars),
    files: (files ?? []).slice(0, limits.turn.maxFiles).flatMap((raw) => {
      const file = SlackFile.safeParse(raw);
      if (!file.success || file.data.mode === "tombstone") return [];
      const { id, name, title, mimetype, size } = file.data;
      return { id, name: clip(name ?? title ?? id, 80), type: clip(mimetype ?? "", 80), size: Math.max(0, size ?? 0) };
    }),
  };
  const name = user.username ?? user.name ?? user.id;
  return { by: { id: slackIds.user(home, user.id), name }, trigger, quoted: fitted(quoted) };
}

/** Slack takes 3,000 characters along with a form. */
function fitted(quoted: QuotedMessage): QuotedMessage {
  const fits = (one: QuotedMessage) => JSON.stringify(one).length <= slackLimits.viewMetadataChars;
  let small = quoted;
  while (!fits(small) && small.files.length > 0) small = { ...small, files: small.files.slice(0, -1) };
  while (!fits(small)) small = { ...small, text: clip(small.text, Math.floor(small.text.length / 2)) };
  return small;
}

const GlobalShortcut = z.object({
  type: z.literal("shortcut"),
  trigger_id: z.string().max(200),
  ...acting,
  user: actor,
});

/** A shortcut that is of no message; null when it is none. */
export function readGlobal(body: unknown): { by: UserId; trigger: string } | null {
  const read = GlobalShortcut.safeParse(body);
  if (!read.success) return null;
  const { user, team, enterprise, trigger_id: trigger } = read.data;
  const home = homeOf([user.team_id], [team?.id], [team?.enterprise_id, enterprise?.id]);
  return home === null ? null : { by: slackIds.user(home, user.id), trigger };
}

/** A question as the root of a thread in the person's DM; `channel` and `ts` are where it was posted for them. */
export function begunMessage(begun: {
  by: Principal;
  question: string;
  team: string;
  channel: string;
  ts: string;
}): ChatMessage {
  const { by, question, team, channel, ts } = begun;
  return {
    kind: "message",
    id: slackIds.message(team, channel, ts),
    thread: slackIds.thread({ team, channel, threadTs: ts }),
    channel: slackIds.channel(team, channel),
    author: by,
    text: question,
    files: [],
    addressed: "dm",
    root: true,
    at: tsToMs(ts),
  };
}

/** The file is looked up by its id when it is fetched: nothing else that a form brought back is believed. */
const fileRef = ({ id, name, type, size }: QuotedMessage["files"][number]): FileRef => ({
  id,
  name,
  mediaType: type || "application/octet-stream",
  sizeBytes: Math.trunc(size),
  source: { id, url: null, access: "check_file_info" },
});

const quote = (text: string): string =>
  text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");

/** The question as a mention in the message's thread; `ts` is where it was posted for the person. */
export function askedMessage(asked: {
  by: Principal;
  quoted: QuotedMessage;
  question: string;
  ts: string;
}): ChatMessage {
  const { by, quoted, question, ts } = asked;
  const { team, channel, thread, user } = quoted;
  const whose = user === null ? "this message" : `this message of <@${user}>`;
  const said = quoted.text === "" ? "(no text)" : quoted.text;
  return {
    kind: "message",
    id: slackIds.message(team, channel, ts),
    thread: slackIds.thread({ team, channel, threadTs: thread }),
    channel: slackIds.channel(team, channel),
    author: by,
    text: `${question}\n\nThe question is about ${whose}:\n\n${quote(said)}`.slice(0, limits.channel.maxMessageChars),
    files: quoted.files.map(fileRef),
    addressed: "mention",
    root: false,
    at: tsToMs(ts),
  };
}
