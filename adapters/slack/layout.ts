import { fit, textPiece } from "./overflow.ts";
import { fullText } from "./render.ts";
import { current, toEdit, touched } from "./slots.ts";
import type { Place } from "./slots.ts";
import { closeFence, openFence, resumed } from "./split.ts";
import { hash } from "./view.ts";
import type { Piece, SlackView, Slot, TextPiece } from "./view.ts";

/*
 * Which piece of an answer stands in which message. Everything here changes the view it is given; `fold` hands in a
 * copy. Nothing here calls Slack.
 */

/** A text that follows another text is a paragraph of its own. */
const gap = (slot: Slot): string => {
  const before = slot.pieces.findLast((piece) => piece.kind !== "text" || fullText(piece) !== "");
  return before?.kind === "text" ? "\n\n" : "";
};

/** Puts text `whole.slice(piece.from)` into the piece; a fence that nobody closed is closed at the end of the part. */
function fill(piece: TextPiece, whole: string, done: boolean): void {
  const open = done ? openFence(whole) : null;
  piece.to = whole.length;
  piece.text = whole.slice(piece.from);
  piece.post = open === null ? "" : closeFence(open);
  piece.hash = hash(whole);
  piece.done = done;
}

/** A piece that is not text of the model: a task, a card, a sentence of ours. */
export function put(view: SlackView, place: Place, piece: Piece): void {
  const slot = current(view, place);
  slot.pieces.push(piece);
  touched(slot);
  fit(view, slot, place, new Map());
}

/** Inert Markdown that is whole from the start, as a piece. */
export function wholeText(part: string, markdown: string, pre = ""): TextPiece {
  const piece = textPiece(part, 0, pre);
  fill(piece, markdown, true);
  return piece;
}

/** A sentence of ours. */
export function putText(view: SlackView, place: Place, part: string, markdown: string): void {
  put(view, place, wholeText(part, markdown, gap(current(view, place))));
}

type Stretch = { slot: Slot; piece: TextPiece };

/** A stretch of text of a part as it is now: inert Markdown. */
export function setText(view: SlackView, place: Place, part: string, whole: string, done: boolean): void {
  const slots = view.entries.filter((entry) => entry.kind === "slot" && entry.turn === place.turn) as Slot[];
  const stretches: Stretch[] = slots.flatMap((slot) =>
    slot.pieces.flatMap((piece) => (piece.kind === "text" && piece.part === part ? [{ slot, piece }] : [])),
  );
  const wholes = new Map([[part, whole]]);

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
  if (last && whole.length === last.piece.to && last.piece.done === done) return;
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
  const piece = textPiece(part, from, from === 0 ? gap(slot) : pre(whole, from));
  fill(piece, whole, done);
  slot.pieces.push(piece);
  touched(slot);
  fit(view, slot, place, wholes);
}

/** What a message that begins with character `from` of a text begins with. */
const pre = (whole: string, from: number): string =>
  resumed(openFence(whole.slice(0, from)), whole.slice(0, from), whole.slice(from));

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
  const piece = textPiece(old.piece.part, from, pre(whole, from));
  fill(piece, whole, done);
  slot.pieces.push(piece);
  touched(slot);
}

function rewrite(broken: Stretch, later: readonly Stretch[], whole: string, done: boolean): void {
  // The beginning may be gone as well, when the text has become shorter than what was there before this message.
  broken.piece.from = Math.min(broken.piece.from, whole.length);
  broken.piece.sent = 0;
  fill(broken.piece, whole, done);
  toEdit(broken.slot, { stale: true });
  for (const { slot, piece } of later) {
    Object.assign(piece, textPiece(piece.part, whole.length, ""), { to: whole.length, hash: hash(whole), done });
    toEdit(slot, { stale: true });
  }
}

/** Parts that a crash cut off and that another part now replaces: they are not in the transcript. */
export function dropLoose(view: SlackView, place: Place): void {
  view.recovering = false;
  for (const entry of view.entries) {
    if (entry.kind !== "slot" || entry.turn !== place.turn) continue;
    const kept = entry.pieces.filter((piece) => (piece.kind !== "text" && piece.kind !== "table") || piece.done);
    if (kept.length === entry.pieces.length) continue;
    entry.pieces = kept;
    toEdit(entry, { stale: true });
    // The message that takes the new text is the one that showed the old.
    if (entry === view.entries.at(-1)) entry.closed = false;
  }
}
