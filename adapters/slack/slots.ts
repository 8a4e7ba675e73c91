import { ours } from "./limits.ts";
import { fullText } from "./render.ts";
import type { Piece, SlackView, Slot } from "./view.ts";

/*
 * Messages of a turn: how one is begun, closed, and turned from a stream into one that is edited. As in `layout.ts`,
 * the view that is handed in is changed; Slack is not called.
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

export function newSlot(view: SlackView, place: Place, turn: string): Slot {
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
    feedback: false,
  };
}

/** From now on the message is rewritten as a whole; a stream that is still open is ended first. */
export function toEdit(slot: Slot, options: { stale: boolean }): void {
  if (slot.mode === "stream" && slot.ts !== null && !slot.closed) slot.halt = true;
  slot.mode = "edit";
  slot.stale ||= options.stale;
  slot.unsure = false;
}

/**
 * The message takes nothing more. Tasks that still run have ended with it, or go on in the next message ("elsewhere");
 * one that is open is told to Slack once more, because it must not be open when its stream ends.
 */
export function close(slot: Slot, running: "elsewhere" | "pending" | "complete" | "error"): void {
  slot.closing = true;
  for (const piece of slot.pieces) {
    if (piece.kind !== "task") continue;
    if (piece.status !== "pending" && piece.status !== "in_progress") continue;
    if (piece.status === "in_progress") {
      piece.status = running === "elsewhere" ? "pending" : running;
      if (running === "elsewhere" && piece.output === "") piece.output = piece.newOutput = "Goes on below";
    }
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
    close(last, "elsewhere");
  }
  const slot = newSlot(view, place, place.turn);
  view.entries.push(slot);
  return slot;
}

/** A message of its own that is posted as a whole: a stream cannot carry what stands in it. */
export function putAlone(view: SlackView, place: Place, piece: Piece): void {
  const last = view.entries.at(-1);
  if (last?.kind === "slot" && !last.closing) close(last, "elsewhere");
  const slot = newSlot(view, place, place.turn);
  view.entries.push({ ...slot, mode: "edit", pieces: [piece], stale: true, closing: true });
}

/** The message does not say any longer what it should. A stream knows that from its pieces. */
export const touched = (slot: Slot): void => {
  slot.stale ||= slot.mode === "edit";
};

export const isEmpty = (slot: Slot): boolean =>
  slot.pieces.every((piece) => piece.kind === "text" && fullText(piece) === "");
