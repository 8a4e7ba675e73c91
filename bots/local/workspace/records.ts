import { z } from "zod";

/* What is kept in SQLite, checked again when read: a state file may be from an older version. */

export const Task = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(["pending", "in_progress", "complete", "error"]),
  details: z.string(),
  output: z.string(),
});
export const Segment = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("markdown"), text: z.string() }),
  z.object({ kind: z.literal("task"), task: Task }),
  z.object({ kind: z.literal("plan"), title: z.string() }),
  z.object({ kind: z.literal("blocks"), blocks: z.array(z.unknown()) }),
]);
export type Segment = z.infer<typeof Segment>;

export const StreamState = z.object({
  /** `stopped`: by the person's Stop button. */
  state: z.enum(["live", "stopped", "done"]),
  startedAt: z.number(),
  chars: z.number(),
  /** Slack refuses to mix `markdown_text` and `chunks` in one stream (`streaming_mode_mismatch`). */
  mode: z.enum(["text", "chunks"]).nullable(),
  recipient: z.string().nullable(),
});
export type StreamState = z.infer<typeof StreamState>;

export const Metadata = z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) });
export type Metadata = z.infer<typeof Metadata>;

/** A Work Object. https://docs.slack.dev/messaging/work-objects-implementation */
export const Entity = z.looseObject({
  entity_type: z.string().min(1),
  url: z.string().min(1),
  external_ref: z.looseObject({ id: z.string().min(1), type: z.string().optional() }),
  entity_payload: z.looseObject({
    attributes: z.looseObject({ title: z.looseObject({ text: z.string().min(1) }) }),
  }),
  app_unfurl_url: z.string().optional(),
});
export type Entity = z.infer<typeof Entity>;

export const Unfurl = z.object({ url: z.string(), blocks: z.array(z.unknown()), title: z.string(), text: z.string() });
export type Unfurl = z.infer<typeof Unfurl>;

export const MessageRecord = z.object({
  channel: z.string(),
  ts: z.string(),
  threadTs: z.string().nullable(),
  user: z.string(),
  subtype: z.enum(["file_share", "thread_broadcast", "tombstone"]).nullable(),
  text: z.string(),
  blocks: z.array(z.unknown()),
  segments: z.array(Segment),
  stream: StreamState.nullable(),
  files: z.array(z.string()),
  edited: z.object({ user: z.string(), ts: z.string() }).nullable(),
  metadata: Metadata.nullable(),
  reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })),
  clientMsgId: z.string().nullable(),
  unfurls: z.array(Unfurl).default([]),
  entities: z.array(Entity).default([]),
});
export type MessageRecord = z.infer<typeof MessageRecord>;

export const FileRecord = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  mimetype: z.string(),
  user: z.string(),
  size: z.number(),
  created: z.number(),
  altText: z.string().nullable(),
  /** Set while the bytes of an external upload are awaited. */
  uploadKey: z.string().nullable(),
  channels: z.array(z.string()),
});
export type FileRecord = z.infer<typeof FileRecord>;

export const SessionRecord = z.object({
  channel: z.string(),
  threadTs: z.string(),
  session: z.enum(["processing", "suspended", "active", "closed"]).nullable(),
  status: z.string(),
  statusAt: z.number(),
  loadingMessages: z.array(z.string()),
  title: z.string(),
  prompts: z.array(z.object({ title: z.string(), message: z.string() })),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

export const TokenRecord = z.object({
  token: z.string(),
  kind: z.enum(["code", "access", "refresh"]),
  /** The workspace's id, or the organisation's. */
  team: z.string(),
  org: z.boolean(),
  /** Who installed. */
  user: z.string(),
  scopes: z.array(z.string()),
  redirectUri: z.string().nullable(),
  expiresAt: z.number().nullable(),
  /** Used up, exchanged or revoked. */
  ended: z.boolean(),
});
export type TokenRecord = z.infer<typeof TokenRecord>;

export const ViewRecord = z.object({
  id: z.string(),
  kind: z.enum(["home", "modal"]),
  user: z.string(),
  hash: z.string(),
  view: z.record(z.string(), z.unknown()),
  /** Of modals: 0 for the first of a stack, and the ids of the first one and the one below. */
  depth: z.number().default(0),
  root: z.string().default(""),
  previous: z.string().nullable().default(null),
});
export type ViewRecord = z.infer<typeof ViewRecord>;
