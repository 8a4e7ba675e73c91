import { z } from "zod";
import { bounds } from "./limits.ts";
import type { MessageRecord, Segment, StreamState } from "./records.ts";
import { SlackError, withMessages } from "./slack-error.ts";

/*
 * The life of a streamed message. https://docs.slack.dev/reference/methods/chat.appendStream
 * Not in the reference but seen of Slack: `details` and `output` of a task that is updated again are appended, only
 * title and status are replaced; a task left open when the stream stops is shown as failed; text and chunks are not
 * mixed in one stream.
 */
const field = z.string().max(bounds.stream.chunkFieldChars);
const Chunk = z.discriminatedUnion("type", [
  z.object({ type: z.literal("markdown_text"), text: z.string() }),
  z.object({ type: z.literal("plan_update"), title: field.min(1) }),
  z.object({
    type: z.literal("task_update"),
    id: z.string().min(1).max(255),
    title: field.min(1),
    status: z.enum(["pending", "in_progress", "complete", "error"]),
    details: field.optional(),
    output: field.optional(),
    sources: z
      .array(z.object({ type: z.literal("url"), url: z.string(), text: z.string() }))
      .max(50)
      .optional(),
  }),
  z.object({ type: z.literal("blocks"), blocks: z.array(z.unknown()).min(1).max(50) }),
]);
export type Chunk = z.infer<typeof Chunk>;

export interface StreamInput {
  markdown: string | undefined;
  chunks: unknown[] | undefined;
}

/** @throws SlackError `invalid_chunks` naming the place */
export function parseChunks(raw: readonly unknown[]): Chunk[] {
  const parsed = z.array(Chunk).max(100).safeParse(raw);
  if (parsed.success) return parsed.data;
  throw withMessages(
    "invalid_chunks",
    parsed.error.issues.map((issue) => `[ERROR] ${issue.message} [json-pointer:/chunks/${issue.path.join("/")}]`),
  );
}

const chunkChars = (chunk: Chunk): number => {
  switch (chunk.type) {
    case "markdown_text":
      return chunk.text.length;
    case "plan_update":
      return chunk.title.length;
    case "task_update":
      return chunk.title.length + (chunk.details?.length ?? 0) + (chunk.output?.length ?? 0);
    case "blocks":
      break;
  }
  return 0;
};

const taskOf = (segment: Segment, id: string) =>
  segment.kind === "task" && segment.task.id === id ? segment.task : undefined;

/** The segments with one chunk more; the given ones are not changed. */
export function addChunk(segments: readonly Segment[], chunk: Chunk): Segment[] {
  const last = segments.at(-1);
  switch (chunk.type) {
    case "markdown_text":
      if (chunk.text === "") return [...segments];
      if (last?.kind !== "markdown") return [...segments, { kind: "markdown", text: chunk.text }];
      return [...segments.slice(0, -1), { kind: "markdown", text: last.text + chunk.text }];
    case "plan_update":
      return [{ kind: "plan", title: chunk.title }, ...segments.filter((segment) => segment.kind !== "plan")];
    case "task_update": {
      const { id, title, status } = chunk;
      const known = segments.some((segment) => taskOf(segment, id) !== undefined);
      const { details = "", output = "" } = chunk;
      if (!known) return [...segments, { kind: "task", task: { id, title, status, details, output } }];
      return segments.map((segment) => {
        const task = taskOf(segment, id);
        if (task === undefined) return segment;
        const more = { details: task.details + details, output: task.output + output };
        return { kind: "task", task: { id, title, status, ...more } };
      });
    }
    case "blocks":
      break;
  }
  return [...segments, { kind: "blocks", blocks: chunk.blocks }];
}

const isOver = (stream: StreamState, now: number): boolean =>
  stream.state === "live" && now - stream.startedAt > bounds.stream.ageMs;

/** True for a stream that nobody stopped and that Slack has given up. */
export const hasExpired = (message: MessageRecord, now: number): boolean =>
  message.stream !== null && isOver(message.stream, now);

/**
 * The message with more content.
 * @throws SlackError as Slack says it; the message is then unchanged
 */
export function appendTo(
  message: MessageRecord,
  input: StreamInput,
  now: number,
  call: "append" | "stop",
): MessageRecord {
  const stream = message.stream;
  if (stream === null || stream.state === "done" || isOver(stream, now)) {
    throw new SlackError("message_not_in_streaming_state");
  }
  if (stream.state === "stopped" && call === "append") throw new SlackError("stopped_by_user");
  const { markdown, chunks } = input;
  if (markdown !== undefined && chunks !== undefined)
    throw new SlackError("cannot_provide_both_markdown_text_and_chunks");
  if (call === "append" && (markdown ?? "") === "" && (chunks ?? []).length === 0) throw new SlackError("no_text");
  const parsed =
    markdown === undefined ? parseChunks(chunks ?? []) : [{ type: "markdown_text" as const, text: markdown }];
  if (parsed.length === 0) return message;
  const mode = markdown === undefined ? "chunks" : "text";
  if (stream.mode !== null && stream.mode !== mode) throw new SlackError("streaming_mode_mismatch");
  const chars = stream.chars + parsed.reduce((sum, chunk) => sum + chunkChars(chunk), 0);
  if (chars > bounds.stream.chars) throw new SlackError("msg_too_long");
  const segments = parsed.reduce(addChunk, message.segments);
  return { ...message, segments, stream: { ...stream, chars, mode } };
}

/** The message when its stream has ended, by whatever end. */
export function endStream(message: MessageRecord, state: "stopped" | "done"): MessageRecord {
  if (message.stream === null) return message;
  const segments = message.segments.map((segment): Segment => {
    const open = segment.kind === "task" && ["pending", "in_progress"].includes(segment.task.status);
    return open ? { kind: "task", task: { ...segment.task, status: "error" } } : segment;
  });
  return { ...message, segments, stream: { ...message.stream, state } };
}

export const streamedText = (segments: readonly Segment[]): string =>
  segments.flatMap((segment) => (segment.kind === "markdown" ? [segment.text] : [])).join("\n\n");
