import { z } from "zod";
import { ApprovalCard } from "../../kernel/events/types.ts";
import type { View } from "../../kernel/chat/types.ts";

/*
 * What the adapter remembers of a thread: the messages it has in hand, what they should say and what they say. Finished
 * messages are forgotten; a card is kept until it is decided.
 */

/**
 * One stretch of a text part: characters `from`..`to` of the part's inert form, with what was put around it when it was
 * split (a fence closed and opened again). `hash` is of everything up to `to`, so that a text that does not go on from
 * what was shown is noticed. `sent` counts characters of pre + text + post.
 */
const TextPiece = z.object({
  kind: z.literal("text"),
  part: z.string(),
  from: z.number(),
  to: z.number(),
  hash: z.string(),
  pre: z.string(),
  text: z.string(),
  post: z.string(),
  sent: z.number(),
  done: z.boolean(),
});
export type TextPiece = z.infer<typeof TextPiece>;

export const TaskStatus = z.enum(["pending", "in_progress", "complete", "error"]);
const TaskPiece = z.object({
  kind: z.literal("task"),
  id: z.string(),
  title: z.string(),
  status: TaskStatus,
  details: z.string(),
  output: z.string(),
  /** What Slack has not seen yet: it adds details and output to what it has. */
  newDetails: z.string(),
  newOutput: z.string(),
  dirty: z.boolean(),
  /** Chunks that Slack has of it: each counts with its title. */
  chunks: z.number(),
});
export type TaskPiece = z.infer<typeof TaskPiece>;

const BlocksPiece = z.object({
  kind: z.literal("blocks"),
  blocks: z.array(z.json()),
  text: z.string(),
  sent: z.boolean(),
  /** The Work Object that goes with the message. */
  entity: z.json().optional(),
});
/** A table, whole: Markdown as it was written. Slack's block is made of it when it is shown. */
const TablePiece = z.object({
  kind: z.literal("table"),
  part: z.string(),
  text: z.string(),
  sent: z.boolean(),
  done: z.boolean(),
});
/** What the model means to do, in a few words; its steps are tasks. */
const PlanPiece = z.object({ kind: z.literal("plan"), title: z.string(), sent: z.boolean() });
export const Piece = z.discriminatedUnion("kind", [TextPiece, TaskPiece, BlocksPiece, TablePiece, PlanPiece]);
export type Piece = z.infer<typeof Piece>;

/** A message we post: `ts` once it is there, `intentAt` while a call that creates it may be under way. */
const posted = {
  id: z.string(),
  ts: z.string().nullable(),
  intentAt: z.number().nullable(),
  /** Set after a restart, by how it was made: it may be there already, look before posting. */
  lookup: z.enum(["no", "post", "stream"]),
};

const Slot = z.object({
  kind: z.literal("slot"),
  ...posted,
  turn: z.string(),
  mode: z.enum(["stream", "edit"]),
  /** Blocks were refused: text alone. */
  plain: z.boolean(),
  recipient: z.object({ user: z.string(), team: z.string() }).nullable(),
  openedAt: z.number(),
  pieces: z.array(Piece),
  /** A call that added to the stream may or may not have arrived. */
  unsure: z.boolean(),
  /** A stream that must be ended before the message can be edited. */
  halt: z.boolean(),
  conflicts: z.number(),
  /** In edit mode: the message does not say yet what `pieces` say. */
  stale: z.boolean(),
  closing: z.boolean(),
  closed: z.boolean(),
  /** The last message of an answer asks what the person thinks of it. */
  feedback: z.boolean().default(false),
});
export type Slot = z.infer<typeof Slot>;

const Card = z.object({
  kind: z.literal("card"),
  ...posted,
  card: ApprovalCard,
  state: z.enum(["pending", "approved", "denied", "answered", "expired"]),
  by: z.string().nullable(),
  byName: z.string(),
  at: z.number(),
  choice: z.string().nullable(),
  reason: z.string().nullable(),
  stale: z.boolean(),
});
export type Card = z.infer<typeof Card>;

/** A file in the thread: uploaded, then shared as a message of its own. */
const FileEntry = z.object({
  kind: z.literal("file"),
  ...posted,
  turn: z.string(),
  /** Stretch of an answer that it stands for, so that it is not shared again while the answer is written. */
  part: z.string().nullable(),
  done: z.boolean(),
  name: z.string(),
  alt: z.string(),
  /** Said with the file, in Slack's mrkdwn. */
  comment: z.string(),
  content: z.discriminatedUnion("from", [
    z.object({ from: z.literal("text"), text: z.string() }),
    /** A file of the person's own, read when it is uploaded. */
    z.object({ from: z.literal("files"), path: z.string(), principal: z.string(), sha256: z.string().optional() }),
  ]),
  /** What is said in its place when it cannot be uploaded: inert Markdown. */
  spare: z.string(),
  /** Slack's id of the uploaded bytes; the file is found in the thread by it. */
  fileId: z.string().nullable(),
  tries: z.number(),
  closed: z.boolean(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const Entry = z.discriminatedUnion("kind", [Slot, Card, FileEntry]);
export type Entry = z.infer<typeof Entry>;

export const Session = z.enum(["processing", "suspended", "active", "closed"]);
export type Session = z.infer<typeof Session>;

export const SlackView = z.object({
  v: z.literal(1),
  /** The last event that is in `entries`. */
  seq: z.number(),
  /** The turn that runs. */
  turn: z.string().nullable(),
  /** Set by a recovery until text comes: parts that were not done may be replaced. */
  recovering: z.boolean(),
  /** Messages in the order in which they stand in the thread. */
  entries: z.array(Entry),
  /** Running tasks: id → title, for a message that was begun after them. */
  tasks: z.record(z.string(), z.string()),
  /** Messages of the running turn so far; part of their ids. */
  made: z.number(),
  /** The newest of our own messages that we know. */
  high: z.string(),
  streaming: z.boolean(),
  /** The turn whose person was told elsewhere that nothing can be written here. */
  told: z.string().nullable().default(null),
  /** In a DM: prompts were suggested once. */
  prompted: z.boolean().default(false),
  status: z.object({
    api: z.enum(["sessions", "assistant", "none"]),
    wanted: Session.nullable(),
    shown: Session.nullable(),
    title: z.string(),
    /** Before this it is not tried again; milliseconds since the epoch. */
    after: z.number().default(0),
    /** How often in a row Slack could not be told. */
    tries: z.number().default(0),
  }),
  /** Additions to messages in this turn: pacing grows with them. */
  calls: z.number(),
  slowUntil: z.number(),
  /** Until then Slack starts no more streams: messages are posted and updated. */
  postUntil: z.number().default(0),
});
export type SlackView = z.infer<typeof SlackView>;

export const emptyView = (): SlackView => ({
  v: 1,
  seq: 0,
  turn: null,
  recovering: false,
  entries: [],
  tasks: {},
  made: 0,
  high: "",
  streaming: true,
  told: null,
  prompted: false,
  status: { api: "sessions", wanted: null, shown: null, title: "", after: 0, tries: 0 },
  calls: 0,
  slowUntil: 0,
  postUntil: 0,
});

/** The stored view. One that cannot be read starts anew: the thread stays usable. */
export function readView(view: View): SlackView {
  const read = SlackView.safeParse(view);
  return read.success ? read.data : emptyView();
}

/** 53 bits of cyrb53, as text: whether two texts are the same, and nothing more. @see https://github.com/bryc/code */
export function hash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
