import type { Fields } from "./json.ts";
import type { FileRecord, MessageRecord, Segment, Unfurl } from "./records.ts";
import { app, team, teamOf } from "./seed.ts";
import { typedBlocks } from "./text.ts";
import type { World } from "./world.ts";

/** A file of another company, in events and history: all that is known until `files.info` is asked. */
const fileStub = (file: FileRecord): Fields => ({
  id: file.id,
  created: 0,
  timestamp: 0,
  user: "",
  mode: "file_access",
  file_access: "check_file_info",
});

/** A link that the app showed, as it is read back. */
const attachmentOf = (unfurl: Unfurl, index: number): Fields => ({
  id: index + 1,
  from_url: unfurl.url,
  app_unfurl_url: unfurl.url,
  is_app_unfurl: true,
  app_id: app.id,
  bot_id: app.bot,
  fallback: unfurl.title === "" ? unfurl.url : unfurl.title,
  ...(unfurl.blocks.length > 0 ? { blocks: unfurl.blocks } : { title: unfurl.title, text: unfurl.text }),
});

/** A file as Slack's API and events show it. Downloading needs the bot's token. */
export function apiFile(world: World, file: FileRecord): Fields {
  const extension = file.name.includes(".") ? (file.name.split(".").at(-1) ?? "") : "";
  const path = `${team.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  return {
    id: file.id,
    created: Math.floor(file.created / 1000),
    timestamp: Math.floor(file.created / 1000),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: extension.toLowerCase(),
    pretty_type: extension.toUpperCase(),
    user: file.user,
    user_team: teamOf(file.user).id,
    editable: false,
    size: file.size,
    mode: "hosted",
    is_external: false,
    external_type: "",
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: "",
    ...(file.altText === null ? {} : { alt_txt: file.altText }),
    url_private: `${world.origin()}/files-pri/${path}/${name}`,
    url_private_download: `${world.origin()}/files-pri/${path}/download/${name}`,
    permalink: `${world.origin()}/files/${file.user}/${file.id}/${name}`,
    has_rich_preview: false,
    file_access: "visible",
  };
}

const richText = (text: string): Fields => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

function segmentBlocks(segment: Segment): unknown[] {
  switch (segment.kind) {
    case "markdown":
      return [{ type: "markdown", text: segment.text }];
    case "plan":
      return [{ type: "plan", title: segment.title }];
    case "blocks":
      return segment.blocks;
    case "task":
      break;
  }
  const { id, title, status, details, output } = segment.task;
  return [
    {
      type: "task_card",
      task_id: id,
      title,
      status,
      ...(details === "" ? {} : { details: richText(details) }),
      ...(output === "" ? {} : { output: richText(output) }),
    },
  ];
}

/** Blocks as they are read back; a person's text has the `rich_text` of Slack's composer. */
export function apiBlocks(message: MessageRecord): unknown[] {
  if (message.stream !== null || message.segments.length > 0) return message.segments.flatMap(segmentBlocks);
  if (message.user === app.user || message.blocks.length > 0) return message.blocks;
  return typedBlocks(message.text);
}

/** A message as Slack's API and events show it. */
export function apiMessage(world: World, message: MessageRecord, options: { metadata?: boolean } = {}): Fields {
  const bot = message.user === app.user;
  const home = teamOf(message.user).id;
  const { count, latest } = world.messages.replies(message.channel, message.ts);
  const files = message.files.flatMap((id) => world.files.get(id) ?? []);
  const parent = message.threadTs === null ? null : world.messages.get(message.channel, message.threadTs);
  return {
    type: "message",
    ...(message.subtype === null ? {} : { subtype: message.subtype }),
    user: message.user,
    ts: message.ts,
    ...(message.clientMsgId === null ? {} : { client_msg_id: message.clientMsgId }),
    ...(bot ? { bot_id: app.bot, app_id: app.id, bot_profile: botProfile } : {}),
    text: message.text,
    team: home,
    ...(bot ? {} : { user_team: home, source_team: home }),
    blocks: apiBlocks(message),
    ...(files.length === 0
      ? {}
      : {
          files: files.map((file) => (teamOf(file.user).id === team.id ? apiFile(world, file) : fileStub(file))),
          upload: false,
        }),
    ...(message.unfurls.length === 0 ? {} : { attachments: message.unfurls.map(attachmentOf) }),
    ...(message.subtype === "thread_broadcast" && parent !== null ? { root: apiMessage(world, parent) } : {}),
    ...(message.edited === null ? {} : { edited: message.edited }),
    ...(message.threadTs === null
      ? {}
      : { thread_ts: message.threadTs, ...(parent === null ? {} : { parent_user_id: parent.user }) }),
    ...(count === 0
      ? {}
      : { thread_ts: message.ts, reply_count: count, latest_reply: latest, is_locked: false, subscribed: false }),
    ...(message.reactions.length === 0
      ? {}
      : { reactions: message.reactions.map((r) => ({ name: r.name, users: r.users, count: r.users.length })) }),
    ...(message.stream?.state === "live" ? { streaming_state: "in_progress" } : {}),
    ...(options.metadata && (message.metadata !== null || message.entities.length > 0)
      ? { metadata: { ...message.metadata, ...(message.entities.length > 0 ? { entities: message.entities } : {}) } }
      : {}),
  };
}

export const botProfile: Fields = {
  id: app.bot,
  deleted: false,
  name: app.name,
  updated: 1_700_000_000,
  app_id: app.id,
  team_id: team.id,
};
