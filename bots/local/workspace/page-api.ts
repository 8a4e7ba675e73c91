/**
 * What the page and the local workspace say to each other. JSON over HTTP on the workspace's own port, under `/local`;
 * changes come by a WebSocket at `/local/live?as=U…` (each message is one {@link PageEvent}). The page keeps no
 * truth of its own: on (re)connect it fetches `/local/state?as=U…` and goes on from the events.
 *
 *   GET  /local/state?as=U1                            → PageState
 *   GET  /local/channels/:channel/messages?as=U1       → { messages: PageMessage[] } (top level, oldest first)
 *   GET  /local/channels/:channel/threads/:ts?as=U1    → { messages: PageMessage[] } (root first)
 *   GET  /local/home?as=U1                             → { blocks: unknown[] | null } (App Home; asking sends app_home_opened)
 *   POST /local/messages      multipart: as, channel, thread_ts?, text, file… → { ts }
 *   POST /local/messages/edit   { as, channel, ts, text } · /local/messages/delete { as, channel, ts }
 *   POST /local/actions       { as, channel, message_ts, block_id, action_id, value?, selected_option? } → { ok }
 *       (an answer that is not ok has `error`, one plain sentence, with status 4xx/5xx; so has every POST here)
 *   POST /local/read         { as, channel } → { ok } (the person has seen the channel; asking for its messages says so too)
 *   POST /local/commands     { as, channel, command: "/…", text } → { ok } (a slash command; its answer comes as a message)
 *   POST /local/actions       { as, view_id: "V…" | "home", block_id, action_id, value?, selected_option?, values? }
 *       (an element of a modal or of Home; `values` is what stands in the inputs: { block: { action: text | texts } })
 *   POST /local/views/submit  { as, view_id, values } → { ok, errors?: { block: sentence } } (shown beside the fields)
 *   POST /local/views/close   { as, view_id, all? } → { ok } (`all`: the whole stack, not only the uppermost)
 *   POST /local/shortcuts     { as, callback_id, channel?, message_ts? } → { ok } (with a message: one of its own menu)
 *   POST /local/reactions     { as, channel, ts, name, on } → { ok }
 *   POST /local/entities      { as, channel, ts, url } → { ok, triggerId } (a Work Object is opened; its details come as an event)
 *   POST /local/title         { as, channel, thread_ts, title } → { ok } (a session is renamed by a person)
 *   POST /local/stop          { as, channel, thread_ts } → { ok } (Slack's Stop button)
 *   GET  /local/files/:id/:name?as=U1                  → bytes (as the person sees the file)
 */
export interface PagePerson {
  id: string;
  name: string;
  realName: string;
  /** CSS colour of the avatar. */
  color: string;
  bot: boolean;
  /** The name of their company, for somebody of another workspace (Slack Connect). */
  external?: string;
}

export interface PageChannel {
  id: string;
  /** Without "#"; for a DM the other side's name. */
  name: string;
  kind: "channel" | "dm";
  /** For a DM: the two people. */
  members: string[];
  unread: number;
  /** The company it is shared with (Slack Connect). */
  shared?: string;
}

export interface PageFile {
  id: string;
  name: string;
  mimetype: string;
  size: number;
  url: string;
  /** What a picture shows, for who cannot see it. */
  alt?: string;
}

/** A task card inside a streamed message. */
export interface PageTask {
  id: string;
  title: string;
  status: "pending" | "in_progress" | "complete" | "error";
  details: string;
  output: string;
}

/** A streamed message is a row of segments in the order in which they came; a posted one has blocks or text. */
export type PageSegment =
  | { kind: "markdown"; text: string }
  | { kind: "task"; task: PageTask }
  /** The title over the tasks (`plan_update`); at most one in a message, the latest title. */
  | { kind: "plan"; title: string }
  | { kind: "blocks"; blocks: unknown[] };

export interface PageMessage {
  channel: string;
  ts: string;
  threadTs: string | null;
  user: string;
  /** mrkdwn, as Slack stores it. */
  text: string;
  blocks: unknown[];
  segments: PageSegment[];
  streaming: boolean;
  files: PageFile[];
  edited: boolean;
  replyCount: number;
  lastReply: string | null;
  /** Seen by this person only; gone after a reload. */
  ephemeral: boolean;
  /** A reply that is shown in the channel as well. */
  broadcast?: boolean;
  reactions?: { name: string; users: string[] }[];
  /** What the app showed of links in it. */
  unfurls?: PageUnfurl[];
  /** Work Objects as the app sent them (`metadata.entities`), shown as cards. */
  entities?: unknown[];
}

export interface PageUnfurl {
  url: string;
  /** Block Kit, or none: then title and text (mrkdwn). */
  blocks: unknown[];
  title: string;
  text: string;
}

/** What the app says of a Work Object that somebody opened. */
export interface PageDetails {
  triggerId: string;
  /** Null with `error`. */
  entity: unknown;
  error: string | null;
  /** Where the person has to sign in first. */
  authUrl: string | null;
}

/** What a thread's agent is doing: Slack's session state and status line. */
export interface PageStatus {
  channel: string;
  threadTs: string;
  session: "processing" | "suspended" | "active" | "closed" | null;
  status: string;
  loadingMessages: string[];
  title: string;
  /** Suggested prompts, as buttons that send `message`. */
  prompts?: { title: string; message: string }[];
}

/** The uppermost modal of a person. */
export interface PageModal {
  id: string;
  hash: string;
  title: string;
  /** Null: the modal has nothing to submit. */
  submit: string | null;
  close: string;
  blocks: unknown[];
  /** 0 for the first; closing one above 0 shows the one below. */
  depth: number;
}

export interface PageCommand {
  /** With its slash. */
  command: string;
  description: string;
  /** What may follow, as the app registered it: `help | threads`. */
  usage: string;
}

export interface PageShortcut {
  callbackId: string;
  name: string;
  kind: "message" | "global";
}

export interface PageState {
  team: { id: string; name: string };
  people: PagePerson[];
  channels: PageChannel[];
  statuses: PageStatus[];
  /** What `npm start` found on, off and why. */
  features: { name: string; on: boolean; detail: string }[];
  /** Where a thread's trace is: replace {thread} (`slack:T:C:ts`, URL-encoded). Null when the Worker is down. */
  traceUrl: string | null;
  /** The Worker is being started (again): what is written now waits for it. */
  away?: boolean;
  /** A shell in a computer of one's own can be opened: a WebSocket at `/terminal?as=U…&box=main&cols=80&rows=24`. */
  terminal?: boolean;
  modal?: PageModal | null;
  commands?: PageCommand[];
  shortcuts?: PageShortcut[];
}

export type PageEvent =
  | { type: "message"; message: PageMessage }
  | { type: "deleted"; channel: string; ts: string }
  | { type: "status"; status: PageStatus }
  | { type: "channels"; channels: PageChannel[] }
  | { type: "features"; features: PageState["features"] }
  | { type: "worker"; away: boolean }
  | { type: "home"; blocks: unknown[] }
  | { type: "modal"; modal: PageModal | null }
  | { type: "details"; details: PageDetails };
