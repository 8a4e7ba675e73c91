import { inert } from "./inert.ts";
import { ours } from "./limits.ts";
import { fullText, pieceBytes } from "./render.ts";
import { byteLength, closeFence, cutAt, openFence } from "./split.ts";
import { hash } from "./view.ts";
import type { Piece, SlackView, Slot, TextPiece } from "./view.ts";

/*
 * Which piece of an answer stands in which message. Everything here changes the view it is given; `fold` hands in a
 * copy. Nothing here calls Slack.
 */

/** Who is answered and when: what a new message needs to know. */
export interface Place {
  turn: string;
  principal: string | null;
  now: number;
}

const recipientOf = (principal: string | null): Slot["recipient"] => {
  const [platform, team, user] = principal?.split(":") ?? [];
  return platform === "slack" && team && user ? { team, user } : null;
};

function newSlot(view: SlackView, place: Place, turn: string): Slot {
  return {
    kind: "slot",
    id: `${turn}:${view.made++}`,
    ts: null,
    intentAt: null,
    lookup: "no",
    turn,
    mode: view.streaming ? "stream" : "edit",
    plain: false,
    recipient: recipientOf(place.principal),
    openedAt: place.now,
    pieces: [],
    unsure: false,
    halt: false,
    conflicts: 0,
    stale: false,
    closing: false,
    closed: false,
  };
}

/** From now on the message is rewritten as a whole; a stream that is still open is ended first. */
export function toEdit(slot: Slot, options: { stale: boolean }): void {
  if (slot.mode === "stream" && slot.ts !== null && !slot.closed) slot.halt = true;
  slot.mode = "edit";
  slot.stale ||= options.stale;
  slot.unsure = false;
}

/** Tasks that still run are shown as going on elsewhere, and the message takes nothing more. */
export function close(slot: Slot, running: "pending" | "complete" | "error"): void {
  slot.closing = true;
  for (const piece of slot.pieces) {
    if (piece.kind !== "task" || piece.status !== "in_progress") continue;
    piece.status = running;
    piece.dirty = true;
    slot.stale ||= slot.mode === "edit";
  }
}

/** The message that takes what comes next; a stream that is near its end is closed and followed by a new message. */
export function current(view: SlackView, place: Place): Slot {
  const last = view.entries.at(-1);
  if (last?.kind === "slot" && !last.closing) {
    const old = last.mode === "stream" && last.ts !== null && place.now - last.openedAt > ours.streamMs;
    if (last.turn === place.turn && !old) return last;
    close(last, "pending");
  }
  const slot = newSlot(view, place, place.turn);
  view.entries.push(slot);
  return slot;
}

const touched = (slot: Slot): void => {
  slot.stale ||= slot.mode === "edit";
};

const slotBytes = (slot: Slot): number => slot.pieces.reduce((sum, piece) => sum + pieceBytes(piece), 0);

/** A text that follows another text is a paragraph of its own. */
const gap = (slot: Slot): string => {
  const before = slot.pieces.findLast((piece) => piece.kind !== "text" || fullText(piece) !== "");
  return before?.kind === "text" ? "\n\n" : "";
};

const textPiece = (part: string, from: number, pre: string): TextPiece => ({
  kind: "text",
  part,
  from,
  to: from,
  hash: "",
  pre,
  text: "",
  post: "",
  sent: 0,
  done: false,
});

/** Puts text `whole.slice(piece.from)` into the piece; a fence that nobody closed is closed at the end of the part. */
function fill(piece: TextPiece, whole: string, done: boolean): void {
  const open = done ? openFence(whole) : null;
  piece.to = whole.length;
  piece.text = whole.slice(piece.from);
  piece.post = open === null ? "" : closeFence(open);
  piece.hash = hash(whole);
  piece.done = done;
}

/** Moves what is too much for a message into the next one, as often as needed. */
export function fit(view: SlackView, first: Slot, place: Place, wholes: ReadonlyMap<string, string>): void {
  let slot: Slot | null = first;
  while (slot !== null) slot = overflow(view, slot, place, wholes);
}

/** Index of the first piece that is in no stream yet, and so can still go into another message. */
function firstFree(slot: Slot): number {
  if (slot.mode !== "stream" || slot.ts === null) return 0;
  const sent = (piece: Piece): boolean =>
    piece.kind === "text" ? piece.sent > 0 : piece.kind === "task" ? piece.chunks > 0 : piece.sent;
  return slot.pieces.findLastIndex(sent) + 1;
}

function overflow(view: SlackView, slot: Slot, place: Place, wholes: ReadonlyMap<string, string>): Slot | null {
  const max = slot.plain ? ours.plainChars : ours.messageBytes;
  if (slotBytes(slot) <= max || slot.pieces.length === 0) return null;
  let used = 0;
  const at = slot.pieces.findIndex((piece) => (used += pieceBytes(piece)) > max);
  const piece = slot.pieces[at];
  if (piece === undefined) return null;
  const room = max - (used - pieceBytes(piece));
  const free = firstFree(slot);
  const moved: Piece[] = slot.pieces.slice(Math.max(at + 1, free));

  if (at < free - 1 || (at < free && piece.kind !== "text")) {
    // What has grown too long is in the stream already: it stays, and nothing more is added.
    slot.pieces.splice(free);
    if (moved.length === 0) {
      close(slot, "pending");
      return null;
    }
  } else if (piece.kind === "text") {
    const whole = wholes.get(piece.part) ?? " ".repeat(piece.from) + piece.text;
    const reserve = byteLength(piece.pre) + 40;
    const min = slot.mode === "stream" ? Math.max(0, piece.sent - piece.pre.length) : 0;
    const length = room <= reserve ? min : cutAt(piece.text, room - reserve, min);
    if (length >= piece.text.length && moved.length === 0) return null;
    const rest = piece.text.slice(length);
    const head = whole.slice(0, piece.from + length);
    // The piece's own `pre` may have opened the fence when the head of the part is no longer at hand.
    const open = openFence(piece.pre.trimStart() + piece.text.slice(0, length));
    if (rest !== "") {
      moved.unshift({
        ...textPiece(piece.part, piece.from + length, open === null ? "" : `${open}\n`),
        to: piece.to,
        text: rest,
        post: piece.post,
        hash: piece.hash,
        done: piece.done,
      });
      piece.to = piece.from + length;
      piece.text = piece.text.slice(0, length);
      piece.hash = hash(head);
      piece.post = open === null ? "" : closeFence(open);
    }
    if (length === 0 && piece.sent === 0) slot.pieces.splice(at);
    else slot.pieces.splice(at + 1);
  } else {
    // A task or a card that does not fit goes on as it is; one that is alone is let through.
    if (at === 0) return null;
    moved.unshift(piece);
    slot.pieces.splice(at);
  }
  if (moved.length === 0) return null;
  touched(slot);
  const ended = slot.closing;
  close(slot, "pending");

  const index = view.entries.indexOf(slot);
  const following = view.entries[index + 1];
  // A message that held the rest of this part before is used again, so that nothing stands twice in the thread.
  if (following?.kind === "slot" && following.turn === slot.turn && following.ts !== null && isEmpty(following)) {
    following.pieces = moved;
    touched(following);
    return following;
  }
  const next = newSlot(view, place, slot.turn);
  next.pieces = moved;
  next.plain = slot.plain;
  if (slot.mode === "edit" && !view.streaming) next.mode = "edit";
  next.stale = next.mode === "edit";
  next.closing = ended || index < view.entries.length - 1;
  view.entries.splice(index + 1, 0, next);
  return next;
}

export const isEmpty = (slot: Slot): boolean =>
  slot.pieces.every((piece) => piece.kind === "text" && fullText(piece) === "");

/** A piece that is not text of the model: a task, a card, a sentence of ours. */
export function put(view: SlackView, place: Place, piece: Piece): void {
  const slot = current(view, place);
  slot.pieces.push(piece);
  touched(slot);
  fit(view, slot, place, new Map());
}

/** A sentence of ours: inert Markdown that is whole from the start. */
export function putText(view: SlackView, place: Place, part: string, markdown: string): void {
  const piece = textPiece(part, 0, gap(current(view, place)));
  fill(piece, markdown, true);
  put(view, place, piece);
}

type Stretch = { slot: Slot; piece: TextPiece };

/**
 * Text of a part as it is now. What goes on from what is shown is added; what does not (after a crash the transcript may
 * hold less than was shown) makes the messages say what the transcript says.
 */
export function putPart(view: SlackView, place: Place, part: string, markdown: string, done: boolean): void {
  setPart(view, place, part, markdown, done);
  if (!done) return;
  // A part stands in several messages at times: all of it is in the transcript now.
  for (const entry of view.entries)
    if (entry.kind === "slot" && entry.turn === place.turn)
      for (const piece of entry.pieces) if (piece.kind === "text" && piece.part === part) piece.done = true;
}

function setPart(view: SlackView, place: Place, part: string, markdown: string, done: boolean): void {
  const whole = inert(markdown, { final: done });
  const slots = view.entries.filter((entry) => entry.kind === "slot" && entry.turn === place.turn) as Slot[];
  const stretches: Stretch[] = slots.flatMap((slot) =>
    slot.pieces.flatMap((piece) => (piece.kind === "text" && piece.part === part ? [{ slot, piece }] : [])),
  );
  const wholes = new Map([[part, whole]]);
  if (stretches.length === 0 && view.recovering) dropLoose(view, place);

  const wrong = stretches.findIndex(
    ({ piece }) => piece.to > whole.length || hash(whole.slice(0, piece.to)) !== piece.hash,
  );
  const broken = stretches[wrong];
  if (broken) {
    // An old delta, seen again: what is shown is newer.
    if (!done && !view.recovering && whole.length < broken.piece.to) return;
    rewrite(broken, stretches.slice(wrong + 1), whole, done);
    fit(view, broken.slot, place, wholes);
    return;
  }

  const last = stretches.at(-1);
  if (last && !last.slot.closing && last.slot === view.entries.at(-1)) {
    const before = fullText(last.piece);
    fill(last.piece, whole, done);
    if (fullText(last.piece) !== before) touched(last.slot);
    const slot = current(view, place);
    // The stream has grown old: what is new goes into a message of its own.
    if (slot !== last.slot) splitOff(last, slot, whole, done);
    fit(view, slot, place, wholes);
    return;
  }
  if (last && whole.length === last.piece.to) {
    last.piece.done = done;
    return;
  }
  if (whole.trim() === "") return;
  const slot = current(view, place);
  const from = last?.piece.to ?? 0;
  const open = from === 0 ? null : openFence(whole.slice(0, from));
  const piece = textPiece(part, from, open === null ? (from === 0 ? gap(slot) : "") : `${open}\n`);
  fill(piece, whole, done);
  slot.pieces.push(piece);
  touched(slot);
  fit(view, slot, place, wholes);
}

/** Takes back from an old stream what it has not been sent, and begins the next message with it. */
function splitOff(old: Stretch, slot: Slot, whole: string, done: boolean): void {
  const kept = Math.max(0, old.piece.sent - old.piece.pre.length);
  const from = Math.min(old.piece.from + kept, whole.length);
  const head = whole.slice(0, from);
  const open = openFence(head);
  old.piece.text = old.piece.text.slice(0, kept);
  old.piece.to = from;
  old.piece.hash = hash(head);
  old.piece.post = open === null ? "" : closeFence(open);
  old.piece.done = done;
  const piece = textPiece(old.piece.part, from, open === null ? "" : `${open}\n`);
  fill(piece, whole, done);
  slot.pieces.push(piece);
  touched(slot);
}

function rewrite(broken: Stretch, later: readonly Stretch[], whole: string, done: boolean): void {
  // The beginning may be gone as well, when the text has become shorter than what was there before this message.
  broken.piece.from = Math.min(broken.piece.from, whole.length);
  fill(broken.piece, whole, done);
  toEdit(broken.slot, { stale: true });
  for (const { slot, piece } of later) {
    Object.assign(piece, textPiece(piece.part, whole.length, ""), { to: whole.length, hash: hash(whole), done });
    toEdit(slot, { stale: true });
  }
}

/** Parts that a crash cut off and that another part now replaces: they are not in the transcript. */
function dropLoose(view: SlackView, place: Place): void {
  view.recovering = false;
  for (const entry of view.entries) {
    if (entry.kind !== "slot" || entry.turn !== place.turn) continue;
    const kept = entry.pieces.filter((piece) => piece.kind !== "text" || piece.done);
    if (kept.length === entry.pieces.length) continue;
    entry.pieces = kept;
    toEdit(entry, { stale: true });
    // The message that takes the new text is the one that showed the old.
    if (entry === view.entries.at(-1)) entry.closed = false;
  }
}
