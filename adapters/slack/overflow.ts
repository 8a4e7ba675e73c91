import { ours } from "./limits.ts";
import { pieceBytes } from "./render.ts";
import { close, isEmpty, newSlot, touched } from "./slots.ts";
import type { Place } from "./slots.ts";
import { byteLength, closeFence, cutAt, fitting, openFence, resumed } from "./split.ts";
import { hash } from "./view.ts";
import type { Piece, SlackView, Slot, TextPiece } from "./view.ts";

const slotBytes = (slot: Slot): number => slot.pieces.reduce((sum, piece) => sum + pieceBytes(piece), 0);

/** A stretch of a part that begins at `from` and has no text yet. */
export const textPiece = (part: string, from: number, pre: string): TextPiece => ({
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
      close(slot, "elsewhere");
      return null;
    }
  } else if (piece.kind === "text") {
    const whole = wholes.get(piece.part) ?? " ".repeat(piece.from) + piece.text;
    const reserve = byteLength(piece.pre) + 40;
    const min = slot.mode === "stream" ? Math.max(0, piece.sent - piece.pre.length) : 0;
    const fits = room <= reserve ? min : cutAt(piece.text, room - reserve, min);
    // What is alone in its message and does not fit has to be cut somewhere.
    const length = fits === 0 && at === 0 ? fitting(piece.text, room - reserve) : fits;
    if (length >= piece.text.length && moved.length === 0) return null;
    const rest = piece.text.slice(length);
    const head = whole.slice(0, piece.from + length);
    // The piece's own `pre` may have opened the fence when the head of the part is no longer at hand.
    const open = openFence(piece.pre.replace(/^\n+/, "") + piece.text.slice(0, length));
    if (rest !== "") {
      moved.unshift({
        ...textPiece(piece.part, piece.from + length, resumed(open, head, rest)),
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
  const asks = slot.feedback;
  slot.feedback = false;
  close(slot, "elsewhere");

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
  next.feedback = asks;
  if (slot.mode === "edit" && !view.streaming) next.mode = "edit";
  next.stale = next.mode === "edit";
  next.closing = ended || index < view.entries.length - 1;
  view.entries.splice(index + 1, 0, next);
  return next;
}
