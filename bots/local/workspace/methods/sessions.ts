import { z } from "zod";
import { isStamp } from "../ids.ts";
import { textOf, type Fields } from "../json.ts";
import { bounds } from "../limits.ts";
import { showStatus } from "../posting.ts";
import { SessionRecord } from "../records.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";
import { channelOf, optionalText, personOf } from "./common.ts";

const blank = (channel: string, threadTs: string): SessionRecord => ({
  channel,
  threadTs,
  session: null,
  status: "",
  statusAt: 0,
  loadingMessages: [],
  title: "",
  prompts: [],
});

function save(world: World, session: SessionRecord): void {
  world.threads.putSession(session);
  showStatus(world, session.channel, session.threadTs);
}

function find(world: World, args: Fields, noThread: string): { known: boolean; session: SessionRecord } {
  const channel = channelOf(world, textOf(args.channel_id));
  const threadTs = optionalText(args, "thread_ts");
  if (threadTs === undefined) throw new SlackError(noThread);
  const session = world.threads.session(channel.id, threadTs);
  return { known: session !== null, session: session ?? blank(channel.id, threadTs) };
}

/** https://docs.slack.dev/reference/methods/agents.sessions.setStatus */
export function setSessionStatus(world: World, args: Fields): Fields {
  const { session } = find(world, args, "thread_ts_required");
  const status = SessionRecord.shape.session.unwrap().safeParse(args.status);
  if (!status.success) throw new SlackError("invalid_status");
  const initiator = optionalText(args, "initiator_user_id");
  if (initiator !== undefined) personOf(initiator);
  // The title counts only when the session is created by this call.
  const title = session.session === null ? (optionalText(args, "title") ?? session.title).slice(0, 200) : session.title;
  save(world, { ...session, session: status.data, title });
  return { agent_status: status.data, status: status.data, title };
}

export function renameSession(world: World, args: Fields): Fields {
  const { known, session } = find(world, args, "thread_ts_required");
  if (!known) throw new SlackError("session_not_found");
  const title = textOf(args.title);
  if (title.length > 200) throw new SlackError("invalid_name");
  save(world, { ...session, title });
  return { title };
}

/** A thread of the assistant methods must exist. */
function existing(world: World, args: Fields): SessionRecord {
  const { session } = find(world, args, "invalid_thread_ts");
  const stands = isStamp(session.threadTs) && world.messages.get(session.channel, session.threadTs) !== null;
  if (!stands) throw new SlackError("invalid_thread_ts");
  return session;
}

export function setThreadStatus(world: World, args: Fields): Fields {
  const status = textOf(args.status);
  const loading = status === "" ? [] : z.array(z.string()).catch([]).parse(args.loading_messages);
  save(world, { ...existing(world, args), status, statusAt: world.now(), loadingMessages: loading });
  return {};
}

export function setTitle(world: World, args: Fields): Fields {
  save(world, { ...existing(world, args), title: textOf(args.title) });
  return {};
}

const Prompts = z
  .array(z.object({ title: z.string().min(1), message: z.string().min(1) }))
  .min(1)
  .max(4);

export function setSuggestedPrompts(world: World, args: Fields): Fields {
  const prompts = Prompts.safeParse(args.prompts);
  if (!prompts.success) {
    const messages = prompts.error.issues.map(
      (one) => `[ERROR] ${one.message} [json-pointer:/prompts/${one.path.join("/")}]`,
    );
    throw new SlackError("invalid_arguments", { response_metadata: { messages } });
  }
  // Without a thread they are of the whole DM: what to begin with.
  const session =
    args.thread_ts === undefined ? find(world, { ...args, thread_ts: "" }, "").session : existing(world, args);
  save(world, { ...session, prompts: prompts.data });
  return {};
}

/** A status line that the app has not renewed for two minutes goes away. */
export function endExpiredStatuses(world: World): void {
  for (const session of world.threads.sessions()) {
    if (session.status === "" || world.now() - session.statusAt <= bounds.statusMs) continue;
    save(world, { ...session, status: "", loadingMessages: [] });
  }
}
