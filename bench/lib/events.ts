import { envelope, mentionEvent, messageEvent } from "../../bots/local/workspace/events.ts";
import type { Fields } from "../../bots/local/workspace/json.ts";
import { app, type Channel, seedChannels, team } from "../../bots/local/workspace/seed.ts";
import { typedBlocks } from "../../bots/local/workspace/text.ts";

/** What a person wrote, as far as an event tells it. */
export interface Said {
  channel: string;
  user: string;
  ts: string;
  text: string;
}

const channels = new Map(seedChannels().map((channel) => [channel.id, channel]));

function channelOf(id: string): Channel {
  const channel = channels.get(id);
  if (!channel) throw new RangeError(`the workspace has no channel ${id}`);
  return channel;
}

const messageOf = ({ user, ts, text }: Said): Fields => ({
  type: "message",
  user,
  ts,
  client_msg_id: crypto.randomUUID(),
  text,
  team: team.id,
  user_team: team.id,
  source_team: team.id,
  blocks: typedBlocks(text),
});

const bodyOf = (event: Fields): string =>
  JSON.stringify(envelope(event, { nowMs: Date.now(), grid: null, shared: false }));

/** The body of the one event Slack sends for a message that is not for us. */
export const chatterBody = (said: Said): string => bodyOf(messageEvent(channelOf(said.channel), messageOf(said)));

/** The bodies of the two events Slack sends for a message that names the app; the text is given the mention. */
export function mentionBodies(said: Said): [message: string, mention: string] {
  const channel = channelOf(said.channel);
  const message = messageOf({ ...said, text: `<@${app.user}> ${said.text}` });
  return [bodyOf(messageEvent(channel, message)), bodyOf(mentionEvent(channel, message))];
}
