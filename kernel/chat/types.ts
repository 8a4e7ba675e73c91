import { z } from "zod";
import { ChannelId, MessageId, ThreadId, UserId } from "../ids.ts";
import type { StampedEvent } from "../events/types.ts";

/** A person as the platform verified them. `name` is for showing only; nothing is decided by it. */
export const Principal = z.object({ id: UserId, name: z.string().max(200) });
export type Principal = z.infer<typeof Principal>;

/** A file in chat that has not been fetched yet. `source` is the adapter's own JSON, opaque to the kernel. */
export const FileRef = z.object({
  id: z.string().max(200),
  name: z.string().max(512),
  mediaType: z.string().max(200),
  sizeBytes: z.number().int().nonnegative(),
  source: z.json(),
});
export type FileRef = z.infer<typeof FileRef>;

/** Why a message is ours: it names the bot, is in a DM with it, or only stands in a thread that may be ours. */
export const Addressed = z.enum(["mention", "dm", "thread", "none"]);
export type Addressed = z.infer<typeof Addressed>;

export const ChatMessage = z.object({
  kind: z.literal("message"),
  id: MessageId,
  thread: ThreadId,
  channel: ChannelId,
  author: Principal,
  /** Markdown; the mention of the bot itself is taken out. */
  text: z.string(),
  files: z.array(FileRef),
  addressed: Addressed,
  /** True when the message starts its thread. */
  root: z.boolean(),
  /** When it was sent, in milliseconds since the epoch. */
  at: z.number(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** A press on one of our buttons. `subject` and `value` come from the button and are trusted for nothing but a look-up. */
export const ChatAction = z.object({
  kind: z.literal("action"),
  /** Unique for the press, so that a redelivery is known from before. */
  id: z.string().max(300),
  thread: ThreadId,
  channel: ChannelId,
  by: Principal,
  /** `deleted`: the message `subject` was deleted by its author; `revise`: `value` is the changed fields of the input as JSON. */
  action: z.enum(["approve", "deny", "answer", "revise", "stop", "deleted", "feedback"]),
  subject: z.string().max(300),
  value: z.string().max(20_000),
  at: z.number(),
});
export type ChatAction = z.infer<typeof ChatAction>;

export const ChatInput = z.discriminatedUnion("kind", [ChatMessage, ChatAction]);
export type ChatInput = z.infer<typeof ChatInput>;

/** The adapter's own small JSON about what it has posted: message ids, stream segments, clocks. Opaque to the kernel. */
export type View = z.infer<ReturnType<typeof z.json>>;

export interface PresentIo {
  thread: ThreadId;
  /** The time, so that pacing can be tested without sleeping. */
  now(): number;
  /** Stores the view. Called before a call that must not be repeated (the intent) and after each call that changed it. */
  save(view: View): Promise<void>;
  /** A file of a person's own that is shown: its bytes, and none but those of `sha256` where that is given. Throws `file.*`. */
  file(path: string, principal: UserId, sha256?: string): Promise<Download>;
  /** Link to this thread's trace, where there is one. */
  traceUrl: string | null;
}

export interface Download {
  bytes: Uint8Array;
  mediaType: string;
}

/**
 * What the kernel asks of a platform. Every method throws only {@link KernelError}; `platform.rate_limited` carries
 * `retryAfterMs`, and the caller comes again with the same events.
 */
export interface ChatPort {
  readonly platform: string;
  /**
   * Shows events in the thread, in their order, and gives the view after them. May be called again with events it has
   * seen (after a crash): it must then post nothing twice. A `text.delta` carries all text of its part so far.
   * @throws KernelError `platform.later` when all is shown but for what is stored in the view and has its own time
   */
  present(events: readonly StampedEvent[], view: View, io: PresentIo): Promise<View>;
  /** Least time between two calls of `present` that bring nothing but text deltas, in milliseconds. */
  paceMs(view: View, now: number): number;
  /** Bytes of a file in chat, refused above `maxBytes`, or as `file.*` errors that name the file. */
  download(file: FileRef, maxBytes: number): Promise<Download>;
  /** The last `limit` messages of the thread before `before` (and after `after`), oldest first; our own are not among them. */
  history(thread: ThreadId, before: MessageId, limit: number, after?: MessageId): Promise<ChatMessage[]>;
  /** The person with the name that the platform shows; messages of some platforms carry only the id. */
  person(id: UserId): Promise<Principal>;
  /** Tells one person something in the thread that nobody else sees. */
  whisper(thread: ThreadId, to: UserId, text: string): Promise<void>;
}
