import { apiMessage } from "../api-message.ts";
import { isStamp } from "../ids.ts";
import { textOf, type Fields } from "../json.ts";
import { bounds } from "../limits.ts";
import type { MessageRecord } from "../records.ts";
import { app, otherTeam, people, team, type Channel } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";
import { channelOf, optionalText } from "./common.ts";

function describe(channel: Channel): Fields {
  const dm = channel.kind === "dm";
  return {
    id: channel.id,
    ...(dm ? { user: channel.members.find((member) => member !== app.user) } : { name: channel.name }),
    is_channel: !dm,
    is_group: false,
    is_im: dm,
    is_mpim: false,
    is_private: dm,
    is_archived: false,
    is_general: channel.id === "C0GENERAL",
    is_shared: channel.shared === true,
    is_ext_shared: channel.shared === true,
    ...(channel.shared === true
      ? { shared_team_ids: [team.id, otherTeam.id], connected_team_ids: [otherTeam.id], conversation_host_id: team.id }
      : {}),
    is_member: channel.members.includes(app.user),
    context_team_id: team.id,
    created: 1_700_000_000,
    num_members: channel.members.length,
  };
}

export const channelInfo = (world: World, args: Fields): Fields => ({
  channel: describe(channelOf(world, textOf(args.channel))),
});

const cursorOf = (offset: string): string => Buffer.from(`next:${offset}`).toString("base64");
function offsetOf(args: Fields): string | null {
  const cursor = optionalText(args, "cursor") ?? "";
  if (cursor === "") return null;
  const text = Buffer.from(cursor, "base64").toString();
  if (!text.startsWith("next:")) throw new SlackError("invalid_cursor");
  return text.slice("next:".length);
}
const limitOf = (args: Fields, fallback: number, most: number): number =>
  typeof args.limit === "number" && args.limit > 0 ? Math.min(args.limit, most) : fallback;

export function channelMembers(world: World, args: Fields): Fields {
  const channel = channelOf(world, textOf(args.channel));
  const from = Number(offsetOf(args) ?? 0);
  const to = from + limitOf(args, 100, 1000);
  const more = to < channel.members.length;
  return {
    members: channel.members.slice(from, to),
    response_metadata: { next_cursor: more ? cursorOf(String(to)) : "" },
  };
}

/** `oldest` and `latest` leave out their own message unless `inclusive`. */
function within(messages: readonly MessageRecord[], args: Fields): MessageRecord[] {
  const oldest = optionalText(args, "oldest") ?? "";
  const latest = optionalText(args, "latest") ?? "";
  if (Number.isNaN(Number(oldest))) throw new SlackError("invalid_ts_oldest");
  if (Number.isNaN(Number(latest))) throw new SlackError("invalid_ts_latest");
  const same = args.inclusive === true;
  return messages.filter((message) => {
    const at = Number(message.ts);
    if (oldest !== "" && (same ? at < Number(oldest) : at <= Number(oldest))) return false;
    return latest === "" || (same ? at <= Number(latest) : at < Number(latest));
  });
}

function page(world: World, args: Fields, messages: readonly MessageRecord[], size: number): Fields {
  const shown = messages.slice(0, size);
  const last = shown.at(-1);
  const more = messages.length > size && last !== undefined;
  return {
    messages: shown.map((message) => apiMessage(world, message, { metadata: args.include_all_metadata === true })),
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: cursorOf(last.ts) } } : {}),
  };
}

/** Newest first. */
export function history(world: World, args: Fields): Fields {
  const channel = channelOf(world, textOf(args.channel));
  if (!channel.members.includes(app.user)) throw new SlackError("not_in_channel");
  const before = offsetOf(args);
  const all = within(world.messages.topLevel(channel.id, bounds.threadMessages), args).toReversed();
  return page(world, args, before === null ? all : all.filter((one) => one.ts < before), limitOf(args, 100, 999));
}

/** Root first, then replies oldest first; a page after the first does not repeat the root. */
export function replies(world: World, args: Fields): Fields {
  const channel = channelOf(world, textOf(args.channel));
  const ts = textOf(args.ts);
  const named = isStamp(ts) ? world.messages.get(channel.id, ts) : null;
  if (named === null) throw new SlackError("thread_not_found");
  const root = named.threadTs ?? named.ts;
  const [first, ...rest] = world.messages.thread(channel.id, root, bounds.threadMessages);
  const after = offsetOf(args);
  const chosen = within(rest, args).filter((one) => after === null || one.ts > after);
  // The root comes with the first page whatever `oldest` says.
  const all = first === undefined || after !== null ? chosen : [first, ...chosen];
  return page(world, args, all, limitOf(args, 1000, 1000));
}

export function openConversation(world: World, args: Fields): Fields {
  const id = optionalText(args, "channel");
  if (id !== undefined) return { channel: describe(channelOf(world, id)), no_op: true, already_open: true };
  const users = (optionalText(args, "users") ?? "").split(",").filter((user) => user !== "");
  if (users.length === 0) throw new SlackError("users_list_not_supplied");
  if (users.some((user) => !people.some((person) => person.id === user))) throw new SlackError("user_not_found");
  if (users.length > 1) throw new SlackError("invalid_user_combination");
  const channel = channelOf(world, users[0] ?? "");
  return { channel: args.return_im === true ? describe(channel) : { id: channel.id }, no_op: true, already_open: true };
}
