import type { AnyChunk, EntityMetadata, KnownBlock } from "@slack/types";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { feedbackBlock } from "./cards.ts";
import type { SlackMessageBody } from "./cards.ts";
import { inert } from "./inert.ts";
import { ours, slackLimits } from "./limits.ts";
import { breakTokens, clip, escapeText, oneLine, unlinked } from "./mrkdwn.ts";
import { byteLength, clipInert } from "./split.ts";
import { readTable, tableBlock } from "./table.ts";
import type { Piece, Slot, TaskPiece, TextPiece } from "./view.ts";

/** All characters of a text piece, with what was put around it. */
export const fullText = (piece: TextPiece): string => piece.pre + piece.text + piece.post;

export const taskTitle = (title: string): string =>
  oneLine(unlinked(breakTokens(title)), ours.taskTitleChars) || "Working";

/** Details or output of a task: escaped first, for an escape is longer than what it stands for; never half an escape. */
export function taskField(text: string): string {
  const escaped = unlinked(escapeText(text.trim().toWellFormed()));
  // One character is kept for the line end that joins it to what Slack has.
  const max = slackLimits.taskFieldChars - 1;
  return escaped.length <= max ? escaped : `${escaped.slice(0, max - 1).replace(/&[a-z]*$|[\uD800-\uDBFF]$/, "")}…`;
}

export const size = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1024 * 1024
      ? `${Math.round(bytes / 1024)} KB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** What is said in a sentence of its own, as inert Markdown; null for events that are shown in another way. */
export function sentence(event: ThreadEvent, traceUrl: string | null): string | null {
  switch (event.type) {
    case "notice":
      return inert(`${event.level === "info" ? "" : "⚠️ "}${event.text}`, { final: true });
    case "turn.failed":
      return `${inert(`⚠️ ${event.text}`, { final: true })}${traceUrl === null ? "" : ` ([what happened](${traceUrl}))`}`;
    default:
      return null;
  }
}

/** Blocks that are no text: a table, a card of ours. */
function blocksOf(piece: Extract<Piece, { kind: "blocks" | "table" }>): KnownBlock[] {
  if (piece.kind === "blocks") return piece.blocks as unknown as KnownBlock[];
  const made = tableBlock(readTable(piece.text));
  return made === null ? [{ type: "markdown", text: clipInert(plainTable(piece), ours.messageBytes) }] : [made.block];
}

/** A table where no block can be: rows of text that a cut between two of them leaves readable. */
export const plainTable = (piece: { text: string }): string => inert(piece.text, { final: true });

/** What Slack has not seen yet of a streamed message. `details` and `output` add to what it has. */
export function newChunks(slot: Slot): AnyChunk[] {
  const ends = slot.closing;
  return slot.pieces.flatMap((piece): AnyChunk[] => {
    switch (piece.kind) {
      case "text": {
        const text = fullText(piece).slice(piece.sent);
        return text === "" ? [] : [{ type: "markdown_text", text }];
      }
      case "task":
        return piece.dirty ? taskChunks(ends ? settledTask(piece) : piece) : [];
      case "plan":
        return piece.sent ? [] : [{ type: "plan_update", title: piece.title }];
      case "blocks":
      case "table":
        return piece.sent ? [] : [{ type: "blocks", blocks: blocksOf(piece) }];
    }
  });
}

/** Slack shows a task that is open when its stream ends as failed: one that waits, or goes on below, ends well and says so. */
function settledTask(task: TaskPiece): TaskPiece {
  if (task.status !== "pending") return task;
  return { ...task, status: "complete", newOutput: task.output === "" ? "Waiting" : task.newOutput };
}

/** Slack adds details to details; what is longer than one chunk takes comes in several, cut at line ends. */
export function taskChunks(task: TaskPiece): AnyChunk[] {
  const parts: string[] = [];
  for (const line of task.newDetails.split(/(?=\n)/)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + line.length <= slackLimits.taskFieldChars)
      parts[parts.length - 1] = last + line;
    else parts.push(line);
  }
  const { id, title, status } = task;
  return parts.map((details, at) => ({
    type: "task_update",
    id,
    title,
    status,
    ...(details === "" ? {} : { details }),
    ...(task.newOutput === "" || at < parts.length - 1 ? {} : { output: task.newOutput }),
  }));
}

const marks = { pending: "⏸️", in_progress: "⏳", complete: "✅", error: "❌" } as const;

const taskLine = (task: TaskPiece): string => {
  const detail = oneLine(task.output || task.details.split("\n").at(-1) || "", 300);
  return `${marks[task.status]} **${escapeText(task.title)}**${detail === "" ? "" : ` — ${detail}`}`;
};

const markdownOf = (piece: Piece): string =>
  piece.kind === "text"
    ? fullText(piece)
    : piece.kind === "task"
      ? taskLine(piece)
      : piece.kind === "table"
        ? plainTable(piece)
        : piece.kind === "plan"
          ? `**${escapeText(piece.title)}**`
          : piece.text;

/** A message of ours outside a stream, whole: posted once and updated as it grows. */
export function wholeMessage(slot: Slot): SlackMessageBody {
  const blocks: KnownBlock[] = [];
  const lines: string[] = [];
  let markdown = "";
  const flush = (): void => {
    if (markdown.trim() !== "") blocks.push({ type: "markdown", text: markdown.trim() });
    markdown = "";
  };
  for (const [at, piece] of slot.pieces.entries()) {
    const text = markdownOf(piece);
    if (text === "") continue;
    const before = slot.pieces[at - 1]?.kind;
    const gap =
      piece.kind === "text" && before === "text" ? "" : piece.kind === "task" && before === "task" ? "  \n" : "\n\n";
    lines.push((lines.length === 0 ? "" : gap) + text);
    if (piece.kind === "blocks" || piece.kind === "table") {
      flush();
      blocks.push(...blocksOf(piece));
    } else markdown += (markdown === "" ? "" : gap) + text;
  }
  flush();
  if (slot.feedback) blocks.push(feedbackBlock(slot.turn));
  const text = lines.join("").trim();
  if (slot.plain) return { text };
  const entities = slot.pieces.flatMap((piece) =>
    piece.kind === "blocks" && piece.entity !== undefined ? [piece.entity as unknown as EntityMetadata] : [],
  );
  return { text: clip(text, ours.fallbackChars), blocks, ...(entities.length === 0 ? {} : { entities }) };
}

/** Bytes that a piece takes of its message. */
export function pieceBytes(piece: Piece): number {
  switch (piece.kind) {
    case "text":
      return byteLength(fullText(piece));
    case "task":
      return byteLength(piece.title) * (piece.chunks + 2) + byteLength(piece.details) + byteLength(piece.output) + 40;
    case "plan":
      return byteLength(piece.title) * 2 + 40;
    case "blocks":
      return byteLength(piece.text) + 40;
    case "table":
      return (tableBlock(readTable(piece.text))?.bytes ?? byteLength(piece.text)) + 40;
  }
}
