import type { AnyChunk, KnownBlock } from "@slack/types";
import { cardMessage, feedbackBlock } from "./cards.ts";
import type { SlackMessageBody } from "./cards.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import { fold } from "./fold.ts";
import type { FoldContext } from "./fold.ts";
import { ours } from "./limits.ts";
import { isEmpty } from "./slots.ts";
import { newChunks, taskChunks, wholeMessage } from "./render.ts";
import type { Entry, FileEntry, Session, SlackView, Slot } from "./view.ts";

/** One call of Slack, and which message it is about. */
export type Step =
  | { do: "status"; session: Session; title: string }
  /** Look whether a message that may have been posted is there. */
  | { do: "find"; id: string; stream: boolean; since: number; file: string | null }
  /** Bring the bytes to Slack: nobody sees them yet, so it may be done again. */
  | { do: "upload"; id: string; name: string; alt: string; content: FileEntry["content"] }
  /** Put the uploaded file into the thread. */
  | { do: "share"; id: string; file: string; name: string; comment: string }
  | { do: "start"; id: string; chunks: AnyChunk[]; recipient: Slot["recipient"] }
  | { do: "append"; id: string; ts: string; chunks: AnyChunk[] }
  | { do: "stop"; id: string; ts: string; chunks: AnyChunk[]; blocks: KnownBlock[] }
  /** End a stream that goes on as an edited message. */
  | { do: "halt"; id: string; ts: string }
  | { do: "post"; id: string; message: SlackMessageBody }
  | { do: "update"; id: string; ts: string; message: SlackMessageBody }
  | { do: "delete"; id: string; ts: string };

export interface PlanContext extends FoldContext {
  /** Streams in a DM need no recipient. */
  dm: boolean;
}

/**
 * A stored view, ready to go on from: calls that may or may not have arrived before a crash are looked up, or their
 * message is written anew as a whole.
 */
export function resume(view: SlackView): SlackView {
  const next = structuredClone(view);
  for (const entry of next.entries) {
    if (entry.kind === "file" && entry.closed) continue;
    if (entry.ts === null && entry.intentAt !== null && entry.lookup === "no")
      entry.lookup = entry.kind === "slot" && entry.mode === "stream" ? "stream" : "post";
    if (entry.kind === "slot" && entry.unsure) mistrust(entry);
  }
  return next;
}

function mistrust(slot: Slot, streamed = slot.mode === "stream"): void {
  slot.halt = streamed && slot.ts !== null;
  slot.mode = "edit";
  slot.unsure = false;
  slot.stale = true;
}

/** Events and view in, the view with them in it and every call that follows out, as if each call worked. */
export function plan(
  events: readonly StampedEvent[],
  view: SlackView,
  context: PlanContext,
): { view: SlackView; steps: Step[] } {
  let next = fold(resume(view), events, context);
  const steps: Step[] = [];
  for (let step = nextStep(next, context); step !== null && steps.length < 1000; step = nextStep(next, context)) {
    steps.push(step);
    next = succeeded(intended(next, step, context.now), step, { ts: `planned:${steps.length}` });
  }
  return { view: next, steps };
}

/** The next call, or null when the thread says what it should. */
export function nextStep(view: SlackView, context: PlanContext): Step | null {
  const { wanted, shown, title, after } = view.status;
  const due = shown !== wanted && after <= context.now;
  if (wanted === "processing" && due) return { do: "status", session: wanted, title };
  for (const entry of view.entries) {
    const step =
      entry.kind === "slot"
        ? slotStep(view, entry, context)
        : entry.kind === "card"
          ? cardStep(entry)
          : fileStep(entry);
    if (step !== null) return step;
  }
  if (wanted !== null && due) return { do: "status", session: wanted, title };
  return null;
}

/**
 * When the thread's last state is still to be shown; null when it is, or when it is only that something runs. States in
 * between are never caught up with: the last one wins.
 */
export const statusDueAt = ({ status: { wanted, shown, after } }: SlackView): number | null =>
  wanted === null || wanted === "processing" || wanted === shown ? null : after;

function cardStep(entry: Extract<Entry, { kind: "card" }>): Step | null {
  const { id, ts } = entry;
  if (ts !== null) return entry.stale ? { do: "update", id, ts, message: cardMessage(entry) } : null;
  if (entry.lookup !== "no") return { do: "find", id, stream: false, since: entry.intentAt ?? 0, file: null };
  return { do: "post", id, message: cardMessage(entry) };
}

function fileStep({ id, name, alt, content, comment, fileId, lookup, intentAt, closed }: FileEntry): Step | null {
  if (closed) return null;
  if (lookup !== "no" && fileId !== null) return { do: "find", id, stream: false, since: intentAt ?? 0, file: fileId };
  if (fileId === null) return { do: "upload", id, name, alt, content };
  return { do: "share", id, file: fileId, name, comment };
}

function slotStep(view: SlackView, slot: Slot, context: PlanContext): Step | null {
  const { id, ts } = slot;
  if (ts === null) {
    if (slot.lookup !== "no")
      return { do: "find", id, stream: slot.lookup === "stream", since: slot.intentAt ?? 0, file: null };
    if (slot.closed || isEmpty(slot)) return null;
    if (opensAsPost(view, slot, context)) return { do: "post", id, message: wholeMessage(slot) };
    return { do: "start", id, chunks: newChunks(slot), recipient: context.dm ? null : slot.recipient };
  }
  if (slot.halt) return { do: "halt", id, ts };
  if (slot.mode === "edit") {
    if (!slot.stale) return null;
    if (isEmpty(slot)) return slot.closing ? { do: "delete", id, ts } : null;
    return { do: "update", id, ts, message: wholeMessage(slot) };
  }
  if (slot.closed) return null;
  const chunks = newChunks(slot);
  if (slot.closing) return { do: "stop", id, ts, chunks, blocks: slot.feedback ? [feedbackBlock(slot.turn)] : [] };
  return chunks.length === 0 ? null : { do: "append", id, ts, chunks };
}

/** A message that is whole already needs no stream, unless it shows tasks: only a stream has cards for them. */
function opensAsPost(view: SlackView, slot: Slot, context: PlanContext): boolean {
  if (slot.mode === "edit" || !view.streaming || view.postUntil > context.now) return true;
  if (slot.recipient === null && !context.dm) return true;
  return slot.closing && slot.pieces.every((piece) => piece.kind !== "task");
}

const change = (view: SlackView, id: string, how: (entry: Entry) => void): SlackView => {
  const next = structuredClone(view);
  const entry = next.entries.find((one) => one.id === id);
  if (entry) how(entry);
  return next;
};

/** What is stored before a call that must not be made twice: that it may have been made. */
export function intended(view: SlackView, step: Step, now: number): SlackView {
  switch (step.do) {
    case "start":
    case "post":
      return change(view, step.id, (entry) => {
        entry.intentAt = now;
        entry.lookup = "no";
        if (entry.kind !== "slot") return;
        entry.openedAt = now;
        entry.mode = step.do === "start" ? "stream" : "edit";
        markSent(entry);
      });
    case "upload":
    case "share":
      return change(view, step.id, (entry) => {
        if (entry.kind !== "file") return;
        entry.tries++;
        entry.lookup = "no";
        if (step.do === "share") entry.intentAt = now;
      });
    case "append":
    case "stop":
      return change(view, step.id, (entry) => {
        if (entry.kind !== "slot") return;
        markSent(entry);
        entry.unsure = step.chunks.length > 0;
      });
    default:
      return view;
  }
}

/** True for a step whose intent is stored before the call. */
export const needsIntent = (step: Step): boolean =>
  ["start", "post", "append", "stop", "upload", "share"].includes(step.do);

function markSent(slot: Slot): void {
  slot.stale = false;
  for (const piece of slot.pieces) {
    if (piece.kind === "text") piece.sent = piece.pre.length + piece.text.length + piece.post.length;
    else if (piece.kind !== "task") piece.sent = true;
    else {
      const chunks = piece.chunks + (piece.dirty ? taskChunks(piece).length : 0);
      Object.assign(piece, { dirty: false, newDetails: "", newOutput: "", chunks });
    }
  }
}

function markUnsent(slot: Slot): void {
  slot.stale = slot.mode === "edit";
  for (const piece of slot.pieces) {
    if (piece.kind === "text") piece.sent = 0;
    else if (piece.kind !== "task") piece.sent = false;
    else Object.assign(piece, { dirty: true, newDetails: piece.details, newOutput: piece.output, chunks: 0 });
  }
}

export interface StepResult {
  /** Of the message that was made or found; null when it was not found. */
  ts: string | null;
  /** Of an upload. */
  file?: string;
}

/** The view after a call that worked. */
export function succeeded(view: SlackView, step: Step, result: StepResult): SlackView {
  if (step.do === "status") return { ...view, status: { ...view.status, shown: step.session } };
  const next = change(view, step.id, (entry) => {
    switch (step.do) {
      case "find":
        entry.ts = result.ts;
        entry.intentAt = null;
        if (entry.kind === "file") entry.closed = result.ts !== null;
        else if (entry.kind === "card") entry.stale = result.ts !== null;
        else if (result.ts === null) {
          // Starting a stream has failed in a way that another start may fail in as well; posting is another way.
          if (entry.lookup === "stream") entry.mode = "edit";
          markUnsent(entry);
        } else mistrust(entry, entry.lookup === "stream");
        entry.lookup = "no";
        break;
      case "start":
      case "post":
        entry.ts = result.ts;
        entry.intentAt = null;
        break;
      case "upload":
        if (entry.kind === "file") entry.fileId = result.file ?? null;
        break;
      case "share":
        entry.intentAt = null;
        if (entry.kind === "file") {
          entry.closed = true;
          if (entry.content.from === "text") entry.content.text = "";
        }
        break;
      case "append":
        if (entry.kind === "slot") entry.unsure = false;
        break;
      case "stop":
        if (entry.kind === "slot") Object.assign(entry, { unsure: false, closed: true });
        break;
      case "halt":
        if (entry.kind === "slot") entry.halt = false;
        break;
      case "update":
        if (entry.kind !== "file") entry.stale = false;
        if (entry.kind === "slot") markSent(entry);
        break;
      case "delete":
        if (entry.kind === "slot") Object.assign(entry, { stale: false, closed: true, ts: null });
        break;
    }
  });
  if ((step.do === "start" || step.do === "post" || step.do === "find") && result.ts !== null && result.ts > next.high)
    next.high = result.ts;
  if (step.do === "append" || step.do === "update") next.calls++;
  return tidy(next);
}

/** Where nothing can be posted for long (an archived channel), the oldest is let go. */
const maxEntries = 60;

/** Forgets what is finished. */
export function tidy(view: SlackView): SlackView {
  for (const entry of view.entries)
    if (
      entry.kind === "slot" &&
      entry.mode === "edit" &&
      entry.closing &&
      !entry.stale &&
      !entry.halt &&
      entry.intentAt === null
    )
      entry.closed ||= entry.ts !== null || isEmpty(entry);
  const settled = (entry: Entry): boolean => {
    if (entry.kind === "file") return entry.closed;
    if (entry.kind === "card") return entry.state !== "pending" && entry.ts !== null && !entry.stale;
    if (entry.ts === null && entry.intentAt === null && entry.closing && isEmpty(entry)) return true;
    return entry.closed && !entry.stale && !entry.halt;
  };
  const loose = (entry: Entry): boolean =>
    view.turn !== null &&
    (entry.kind === "file"
      ? !entry.done
      : entry.kind === "slot" &&
        entry.pieces.some((piece) => (piece.kind === "text" || piece.kind === "table") && !piece.done));
  // What is closed may still turn out to be wrong while its answer is written: all messages that an answer takes are kept.
  const wanted = view.entries.filter((entry) => settled(entry) && loose(entry));
  const slots = wanted.filter((entry) => entry.kind === "slot").slice(-ours.answerMessages);
  const kept: Entry[] = [...wanted.filter((entry) => entry.kind === "file"), ...slots];
  const entries = view.entries.filter((entry) => !settled(entry) || kept.includes(entry));
  return { ...view, entries: entries.slice(-maxEntries) };
}
