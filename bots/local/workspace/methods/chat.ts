import { apiMessage } from "../api-message.ts";
import { textOf, type Fields } from "../json.ts";
import { bounds } from "../limits.ts";
import type { PageMessage } from "../page-api.ts";
import { pageMessage } from "../page-view.ts";
import { addMessage, changeMessage, deleteMessage } from "../posting.ts";
import type { MessageRecord } from "../records.ts";
import { app } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import { hasExpired } from "../streams.ts";
import type { World } from "../world.ts";
import { channelOf, optionalText, ownMessage, postable, threadOf } from "./common.ts";
import { blankMessage, readContent } from "./content.ts";

export function postMessage(world: World, args: Fields): Fields {
  const channel = postable(world, textOf(args.channel));
  const threadTs = threadOf(world, channel, optionalText(args, "thread_ts"), "cannot_reply_to_message");
  const { text, blocks, metadata, entities } = readContent(args, null);
  const message: MessageRecord = {
    ...blankMessage(channel.id, world.nextTs(), threadTs),
    subtype: threadTs !== null && args.reply_broadcast === true ? "thread_broadcast" : null,
    entities: entities ?? [],
    text: text ?? "",
    blocks: blocks ?? [],
    metadata: metadata ?? null,
  };
  addMessage(world, message);
  return { channel: channel.id, ts: message.ts, message: apiMessage(world, message, { metadata: true }) };
}

/** A field that is not given stays; a text alone takes the place of what was streamed. */
function updated(
  message: MessageRecord,
  args: Fields,
): Pick<MessageRecord, "text" | "blocks" | "segments" | "metadata" | "entities"> {
  const { text, blocks, metadata, entities } = readContent(args, bounds.updateTextChars);
  const streamed = message.segments.flatMap((segment) => (segment.kind === "blocks" ? segment.blocks : []));
  return {
    text: text ?? message.text,
    blocks: blocks ?? (message.segments.length > 0 ? streamed : message.blocks),
    segments: [],
    metadata: metadata === undefined ? message.metadata : metadata,
    entities: entities ?? message.entities,
  };
}

export function updateMessage(world: World, args: Fields): Fields {
  const message = ownMessage(world, args, "cant_update_message");
  if (message.stream?.state === "live" && !hasExpired(message, world.now())) {
    throw new SlackError("streaming_state_conflict");
  }
  const stream = message.stream === null ? null : { ...message.stream, state: "done" as const };
  const edited = { user: app.user, ts: world.nextTs() };
  const after: MessageRecord = { ...message, ...updated(message, args), stream: null, edited };
  changeMessage(world, { ...message, stream }, after);
  return {
    channel: after.channel,
    ts: after.ts,
    text: after.text,
    message: apiMessage(world, after, { metadata: true }),
  };
}

export function removeMessage(world: World, args: Fields): Fields {
  const message = ownMessage(world, args, "cant_delete_message");
  deleteMessage(world, message);
  return { channel: message.channel, ts: message.ts };
}

/** Shows something to one person; nothing is stored but what a press on its buttons needs. */
export function showEphemeral(world: World, to: string, message: MessageRecord): PageMessage {
  const shown: PageMessage = { ...pageMessage(world, message, to), ephemeral: true };
  world.ephemerals.push({ to, message: shown });
  world.feed.toPerson(to, { type: "message", message: shown });
  world.feed.toTests({ type: "whisper", to, message: shown });
  return shown;
}

export function postEphemeral(world: World, args: Fields): Fields {
  const channel = postable(world, textOf(args.channel));
  const to = textOf(args.user);
  if (!channel.members.includes(to)) throw new SlackError("user_not_in_channel");
  const threadTs = threadOf(world, channel, optionalText(args, "thread_ts"), "cannot_reply_to_message");
  const { text, blocks } = readContent(args, null);
  const message = { ...blankMessage(channel.id, world.nextTs(), threadTs), text: text ?? "", blocks: blocks ?? [] };
  showEphemeral(world, to, message);
  return { message_ts: message.ts };
}

export function getPermalink(world: World, args: Fields): Fields {
  const channel = channelOf(world, textOf(args.channel));
  const message = world.messages.get(channel.id, textOf(args.message_ts));
  if (message === null) throw new SlackError("message_not_found");
  const thread = message.threadTs === null ? "" : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return {
    channel: channel.id,
    permalink: `${world.origin()}/archives/${channel.id}/p${message.ts.replace(".", "")}${thread}`,
  };
}
