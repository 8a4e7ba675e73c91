import { reactionEvent } from "./events.ts";
import { bounds } from "./limits.ts";
import { changeMessage } from "./posting.ts";
import type { MessageRecord } from "./records.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

/**
 * Puts a reaction on a message or takes it away.
 * @throws SlackError as `reactions.add` and `reactions.remove` refuse it
 */
export function react(world: World, user: string, message: MessageRecord, given: string, on: boolean): void {
  const name = given.replaceAll(":", "");
  if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) throw new SlackError("invalid_name");
  const known = message.reactions.find((reaction) => reaction.name === name);
  const has = known?.users.includes(user) ?? false;
  if (on && has) throw new SlackError("already_reacted");
  if (!on && !has) throw new SlackError("no_reaction");
  if (on && known === undefined && message.reactions.length >= bounds.reactions) throw new SlackError("too_many_emoji");
  const users = [...(known?.users ?? []).filter((one) => one !== user), ...(on ? [user] : [])];
  const changed = { name, users };
  const reactions =
    known === undefined
      ? [...message.reactions, changed]
      : message.reactions.map((one) => (one === known ? changed : one));
  changeMessage(world, message, { ...message, reactions: reactions.filter((one) => one.users.length > 0) }, false);
  const { channel, ts, user: author } = message;
  world.sendEvent(reactionEvent(on, { user, name, channel, ts, author }, world.nextTs()));
}
