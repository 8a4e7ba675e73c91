import { KernelError } from "../../kernel/errors.ts";
import { sortOf } from "./error-table.ts";
import { SlackRefused } from "./errors.ts";
import { inert } from "./inert.ts";
import { putText, wholeText } from "./layout.ts";
import { ours } from "./limits.ts";
import { fit } from "./overflow.ts";
import type { SlackMethod } from "./methods.ts";
import type { Step } from "./plan.ts";
import { newChunks, plainTable } from "./render.ts";
import { newSlot, toEdit } from "./slots.ts";
import type { Place } from "./slots.ts";
import { openFence, resumed } from "./split.ts";
import type { Piece, SlackView, Slot } from "./view.ts";

/*
 * What to do when Slack says no to a step: another way to show the same, or null when there is none and the caller must
 * hear of it. Codes: the methods' pages at https://docs.slack.dev/reference/methods
 */

/** No stream will ever work here: not asked for again in this thread. */
const noStreams = new Set([
  "channel_type_not_supported",
  "method_not_supported_for_channel_type",
  "unknown_method",
  "method_deprecated",
  "missing_scope",
  "feature_disabled",
  "feature_not_enabled",
  "not_allowed_token_type",
]);
const ended = new Set(["message_not_in_streaming_state", "streaming_mode_mismatch"]);
const tooMuch = new Set([
  "msg_too_long",
  "msg_blocks_too_long",
  "msg_blocks_too_many",
  "invalid_blocks",
  "invalid_blocks_format",
  "block_mismatch",
  "markdown_text_conflict",
  "no_text",
  "invalid_metadata_format",
  "invalid_metadata_schema",
  "metadata_too_large",
  "metadata_must_be_sent_from_app",
]);
const lost = new Set([
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "is_inactive",
  "message_not_owned_by_app",
]);

const maxConflicts = 2;

/** The method that a step calls. */
const methodOf = {
  find: "conversations.replies",
  start: "chat.startStream",
  append: "chat.appendStream",
  stop: "chat.stopStream",
  halt: "chat.stopStream",
  post: "chat.postMessage",
  update: "chat.update",
  delete: "chat.delete",
  upload: "files.getUploadURLExternal",
  share: "files.completeUploadExternal",
} as const satisfies Record<Exclude<Step["do"], "status">, SlackMethod>;

/** Nothing can be shown: another method would be refused as well. */
function isHopeless(method: SlackMethod, code: string): boolean {
  const sort = sortOf(method, code)?.sort;
  return sort === "tell_person" || sort === "tell_owner";
}

/** True where nothing can be shown in the thread, and the person who asked should hear of it elsewhere. */
export const isForPerson = (step: Exclude<Step, { do: "status" }>, code: string): boolean =>
  sortOf(methodOf[step.do], code)?.sort === "tell_person";

/** The view after a refusal; `before` is the view before the step's intent. Null: nothing else can be tried. */
export function afterRefusal(before: SlackView, step: Step, code: string, now: number): SlackView | null {
  if (step.do === "status" || step.do === "find" || step.do === "upload" || step.do === "share") return null;
  if (isHopeless(methodOf[step.do], code)) return null;
  const next = structuredClone(before);
  const entry = next.entries.find((one) => one.id === step.id);
  if (!entry) return next;
  if (entry.kind === "file") return null;
  const place = { turn: entry.kind === "slot" ? entry.turn : entry.id, principal: null, now };

  if (entry.kind === "card") {
    if (step.do !== "update" || !lost.has(code)) return null;
    if (entry.state === "pending") {
      // Somebody deleted the card, and it is still to be decided: it comes again, as it is now.
      Object.assign(entry, { ts: null, intentAt: null, stale: false });
      return next;
    }
    // Someone deleted the card: what was decided is said all the same.
    next.entries = next.entries.filter((one) => one !== entry);
    putText(next, place, `settled:${entry.card.approval}`, `The decision that was waiting is ${entry.state}.`);
    return next;
  }

  switch (step.do) {
    case "start":
      if (noStreams.has(code)) next.streaming = false;
      entry.mode = "edit";
      entry.stale = true;
      return next;
    case "append":
    case "stop":
      if (code === "message_not_found") return forget(next, entry, place);
      if (step.do === "stop" && entry.feedback && tooMuch.has(code)) {
        // The thumbs are worth no second message.
        entry.feedback = false;
        return next;
      }
      if (step.do === "stop" && ended.has(code) && newChunks(entry).length === 0) {
        entry.closed = true;
        return next;
      }
      toEdit(entry, { stale: true });
      entry.halt = !ended.has(code) && entry.halt;
      return next;
    case "halt":
      if (code === "message_not_found") return forget(next, entry, place);
      entry.halt = false;
      return next;
    case "post":
      return tooMuch.has(code) && asPlain(next, entry, now) ? next : null;
    case "update":
      if (code === "streaming_state_conflict") {
        entry.conflicts++;
        entry.halt = true;
        // A stream that can be neither ended nor edited stays as it is; what should stand there comes below it.
        if (entry.conflicts > maxConflicts)
          Object.assign(entry, { halt: false, ts: null, conflicts: 0, id: `${entry.id}:again` });
        return next;
      }
      if (lost.has(code)) return forget(next, entry, place);
      return tooMuch.has(code) && asPlain(next, entry, now) ? next : null;
    case "delete":
      Object.assign(entry, { stale: false, closed: true });
      return next;
  }
}

/**
 * A message that somebody deleted is not brought back: what it said is let go, and what it did not say yet stands in a
 * new message in its place. Its text pieces stay, empty, so that a text that is still written goes on where it was.
 */
function forget(view: SlackView, slot: Slot, place: Place): SlackView {
  const fresh: Slot = { ...newSlot(view, place, slot.turn), recipient: slot.recipient, closing: slot.closing };
  fresh.pieces = slot.pieces.flatMap((piece): Piece[] => {
    switch (piece.kind) {
      case "text": {
        const kept = Math.min(Math.max(0, piece.sent - piece.pre.length), piece.text.length);
        if (kept === 0 && piece.sent === 0) return [piece];
        const head = piece.pre.replace(/^\n+/, "") + piece.text.slice(0, kept);
        const text = piece.text.slice(kept);
        const pre = text === "" ? "" : resumed(openFence(head), head, text);
        const post = text === "" ? "" : piece.post;
        return [{ ...piece, from: piece.from + kept, text, pre, post, sent: 0 }];
      }
      case "task":
        if (!piece.dirty) return [];
        return [{ ...piece, dirty: true, newDetails: piece.details, newOutput: piece.output, chunks: 0 }];
      case "plan":
      case "blocks":
      case "table":
        return piece.sent ? [] : [piece];
    }
  });
  fresh.stale = fresh.mode === "edit";
  view.entries = view.entries.map((entry) => (entry === slot ? fresh : entry));
  return view;
}

/** After a 429 additions come at half the pace for this long. */
const slowMs = 30_000;

/**
 * The view after a 429. Twenty streams a minute can be started in a workspace: a message that would wait for its stream
 * is posted and updated instead, which has other limits.
 */
export function afterLimit(before: SlackView, step: Step, now: number, retryAfterMs: number): SlackView {
  const next = { ...structuredClone(before), slowUntil: now + slowMs };
  if (step.do !== "start") return next;
  next.postUntil = now + retryAfterMs;
  for (const entry of next.entries)
    if (entry.kind === "slot" && entry.id === step.id) Object.assign(entry, { mode: "edit", stale: true });
  return next;
}

/**
 * A file that cannot be brought into the thread: what it would have shown is said in its place. Null when the call is to be
 * tried again, or when nothing can be said here at all.
 */
export function afterFailedFile(view: SlackView, step: Step, thrown: unknown, now: number): SlackView | null {
  if (step.do !== "upload" && step.do !== "share") return null;
  if (!(thrown instanceof KernelError) || thrown.code === "platform.rate_limited") return null;
  const said = thrown instanceof SlackRefused ? thrown.slack : null;
  if (said !== null && isHopeless(methodOf[step.do], said)) return null;
  const next = structuredClone(view);
  const entry = next.entries.find((one) => one.id === step.id);
  if (entry?.kind !== "file") return null;
  if (thrown.retryable && entry.tries < ours.uploadTries) return null;
  if (step.do === "share" && said === "file_not_found" && entry.tries > 2) {
    // A share whose answer was lost had been made: Slack does not know the upload any more.
    entry.closed = true;
    return next;
  }
  const place: Place = { turn: entry.turn, principal: null, now };
  const slot = newSlot(next, place, entry.turn);
  const why = entry.content.from === "files" ? `\n\n⚠️ ${inert(thrown.userMessage, { final: true })}` : "";
  slot.pieces = [wholeText(`spare:${entry.id}`, entry.spare + why)];
  slot.mode = "edit";
  slot.stale = true;
  slot.closing = true;
  next.entries = next.entries.map((one) => (one === entry ? slot : one));
  fit(next, slot, place, new Map());
  return next;
}

/** Once more as text alone, in messages short enough for it. */
function asPlain(view: SlackView, slot: Slot, now: number): boolean {
  if (slot.plain) return false;
  slot.plain = true;
  slot.feedback = false;
  slot.stale = true;
  slot.mode = "edit";
  // Rows of text can be cut between two of them; a table of blocks cannot.
  slot.pieces = slot.pieces.map((piece) =>
    piece.kind === "table" ? { ...wholeText(piece.part, `\n\n${plainTable(piece)}\n\n`), done: piece.done } : piece,
  );
  fit(view, slot, { turn: slot.turn, principal: null, now }, new Map());
  return true;
}
