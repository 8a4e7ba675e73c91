import { apiMessage } from "../api-message.ts";
import { checkBlocks } from "../blocks.ts";
import { textOf, type Fields } from "../json.ts";
import { addMessage, changeMessage, showStatus } from "../posting.ts";
import type { MessageRecord } from "../records.ts";
import { otherTeam, people, team, teamOf } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import { appendTo, endStream, hasExpired, parseChunks, streamedText, type StreamInput } from "../streams.ts";
import { escapeText } from "../text.ts";
import type { World } from "../world.ts";
import { optionalText, ownMessage, postable, threadOf } from "./common.ts";
import { blankMessage, makeIds, readMetadata } from "./content.ts";

/** The streamed content of a call, with blocks checked and given ids. */
function readInput(args: Fields): StreamInput {
  const markdown = optionalText(args, "markdown_text");
  if (!Array.isArray(args.chunks)) return { markdown, chunks: undefined };
  const chunks = parseChunks(args.chunks).map((chunk, index) =>
    chunk.type === "blocks"
      ? { ...chunk, blocks: makeIds(checkBlocks(chunk.blocks, "stream", `/chunks/${index}/blocks`)) }
      : chunk,
  );
  return { markdown, chunks };
}

const withText = (message: MessageRecord): MessageRecord => ({
  ...message,
  text: escapeText(streamedText(message.segments)),
});

export function startStream(world: World, args: Fields): Fields {
  const channel = postable(world, textOf(args.channel));
  const recipient = optionalText(args, "recipient_user_id");
  const recipientTeam = optionalText(args, "recipient_team_id");
  if (channel.kind === "channel") {
    if (recipient === undefined) throw new SlackError("missing_recipient_user_id");
    if (recipientTeam === undefined) throw new SlackError("missing_recipient_team_id");
    if (recipientTeam !== team.id && recipientTeam !== otherTeam.id) throw new SlackError("team_not_found");
    if (!people.some((person) => person.id === recipient)) throw new SlackError("user_not_found");
    // The author's own workspace, which in a shared channel is not the one where the app is installed.
    if (recipientTeam !== teamOf(recipient).id) throw new SlackError("user_not_found");
  }
  const threadTs = threadOf(world, channel, optionalText(args, "thread_ts"), "messaging_processing_failed");
  const now = world.now();
  const blank: MessageRecord = {
    ...blankMessage(channel.id, world.nextTs(), threadTs),
    stream: { state: "live", startedAt: now, chars: 0, mode: null, recipient: recipient ?? null },
  };
  const input = readInput(args);
  const hasContent = (input.markdown ?? "") !== "" || (input.chunks ?? []).length > 0;
  const message = hasContent ? withText(appendTo(blank, input, now, "append")) : blank;
  addMessage(world, message);
  return { channel: channel.id, ts: message.ts };
}

function streamed(world: World, args: Fields): MessageRecord {
  const message = ownMessage(world, args, "message_not_owned_by_app");
  if (!hasExpired(message, world.now())) return message;
  const ended = endStream(message, "done");
  changeMessage(world, message, ended);
  return ended;
}

export function appendStream(world: World, args: Fields): Fields {
  const message = streamed(world, args);
  const after = withText(appendTo(message, readInput(args), world.now(), "append"));
  changeMessage(world, message, after, false);
  return { channel: after.channel, ts: after.ts };
}

export function stopStream(world: World, args: Fields): Fields {
  const message = streamed(world, args);
  const full = appendTo(message, readInput(args), world.now(), "stop");
  const metadata = readMetadata(args) ?? full.metadata;
  let after = withText(endStream({ ...full, metadata }, "done"));
  if (Array.isArray(args.blocks) && args.blocks.length > 0) {
    const blocks = makeIds(checkBlocks(args.blocks, "stream"));
    after = { ...after, segments: [...after.segments, { kind: "blocks", blocks }] };
  }
  changeMessage(world, message, after);
  const session = after.threadTs === null ? null : world.threads.session(after.channel, after.threadTs);
  if (session?.session === "processing") {
    world.threads.putSession({ ...session, session: "active" });
    showStatus(world, session.channel, session.threadTs);
  }
  return { channel: after.channel, ts: after.ts, message: apiMessage(world, after, { metadata: true }) };
}

/** Streams that Slack has given up by their age. */
export function endExpiredStreams(world: World): void {
  for (const message of world.messages.liveStreams()) {
    if (hasExpired(message, world.now())) changeMessage(world, message, endStream(message, "done"));
  }
}
