import { isStamp } from "../ids.ts";
import { textOf, type Fields } from "../json.ts";
import type { MessageRecord } from "../records.ts";
import { app, people, type Channel } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { Caller } from "../tokens.ts";
import { channelById, type World } from "../world.ts";

/** One method of the Web API: checked arguments in, the answer without `ok` out. Throws SlackError. */
export type Method = (world: World, args: Fields, caller: Caller) => Fields;

export const optionalText = (args: Fields, name: string): string | undefined =>
  typeof args[name] === "string" ? args[name] : undefined;

/** The conversation an id or `#name` means; a person's id means the DM with them. */
export function channelOf(world: World, id: string): Channel {
  const name = id.startsWith("#") ? id.slice(1) : id;
  const dm = people.some((person) => person.id === id && !person.bot) ? `D${id.slice(1)}` : null;
  const channel =
    channelById(world, dm ?? id) ?? world.channels.find((one) => one.kind === "channel" && one.name === name);
  if (channel === undefined) throw new SlackError("channel_not_found");
  return channel;
}

/** A conversation into which the app may write. */
export function postable(world: World, id: string): Channel {
  const channel = channelOf(world, id);
  if (!channel.members.includes(app.user)) throw new SlackError("not_in_channel");
  return channel;
}

export function personOf(id: string, error = "user_not_found") {
  const person = people.find((one) => one.id === id);
  if (person === undefined) throw new SlackError(error);
  return person;
}

/** The app's own message. */
export function ownMessage(world: World, args: Fields, notOwn: string): MessageRecord {
  const channel = channelOf(world, textOf(args.channel));
  const message = world.messages.get(channel.id, textOf(args.ts));
  if (message === null || message.subtype === "tombstone") throw new SlackError("message_not_found");
  if (message.user !== app.user) throw new SlackError(notOwn);
  return message;
}

/** The root a reply goes under; a reply's own stamp means its root. Undefined: no thread. */
export function threadOf(world: World, channel: Channel, threadTs: string | undefined, error: string): string | null {
  if (threadTs === undefined || threadTs === "") return null;
  const parent = isStamp(threadTs) ? world.messages.get(channel.id, threadTs) : null;
  if (parent === null) throw new SlackError(error);
  return parent.threadTs ?? parent.ts;
}
