import { textOf, type Fields } from "../json.ts";
import { react } from "../reactions.ts";
import { app } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";
import { channelOf, type Method } from "./common.ts";

const set =
  (on: boolean): Method =>
  (world: World, args: Fields): Fields => {
    const channel = channelOf(world, textOf(args.channel));
    const message = world.messages.get(channel.id, textOf(args.timestamp));
    if (message === null) throw new SlackError("message_not_found");
    react(world, app.user, message, textOf(args.name), on);
    return {};
  };

export const addReaction = set(true);
export const removeReaction = set(false);
