import { inert } from "./inert.ts";
import { dropLoose, put, setText } from "./layout.ts";
import { ours } from "./limits.ts";
import { putFile, storedFile } from "./outgoing.ts";
import { fullText, plainTable } from "./render.ts";
import { segmentName, segmentOf, segmentsOf } from "./segments.ts";
import type { Segment } from "./segments.ts";
import { close, current, toEdit, touched } from "./slots.ts";
import type { Place } from "./slots.ts";
import { csvOf, fenced, firstRows, readTable, tableBlock, writeTable } from "./table.ts";
import type { Piece, SlackView, Slot } from "./view.ts";

/*
 * An answer of the model in its stretches: text, tables, images, and a file where it is too long. As in `layout.ts`, the
 * view that is handed in is changed; Slack is not called.
 */

/**
 * A part of an answer as it is now. What goes on from what is shown is added; what does not (after a crash the transcript
 * may hold less than was shown) makes the messages say what the transcript says.
 */
export function putPart(view: SlackView, place: Place, part: string, markdown: string, done: boolean): void {
  const segments = segmentsOf(markdown, done);
  const known = knownSegments(view, place, part);
  if (known.length === 0 && view.recovering) dropLoose(view, place);
  if (done || view.recovering) dropOthers(view, place, part, segments);
  const newest = Math.max(-1, ...known);
  for (const [n, segment] of segments.entries()) {
    // What is older than the oldest that is remembered has been shown, and was forgotten since.
    if (n < newest && !known.includes(n)) continue;
    const name = segmentName(part, n);
    if (segment.kind === "text")
      setText(view, place, name, inert(segment.markdown, { final: done || n < segments.length - 1 }), done);
    else if (segment.kind === "table") setTable(view, place, name, segment.markdown, done);
    else {
      const id = `image:${place.turn}:${name}`;
      putFile(view, place, storedFile(place, { id, path: segment.path, alt: segment.alt, part: name }));
    }
  }
  const rest = cutPages(view, place, part);
  if (!done) return;
  if (rest !== "") putRest(view, place, part, markdown, rest);
  // A part stands in several messages at times: all of it is in the transcript now.
  for (const entry of view.entries)
    if (entry.kind === "file" && entry.part !== null && segmentOf(entry.part).part === part) entry.done = true;
    else if (entry.kind === "slot" && entry.turn === place.turn)
      for (const piece of entry.pieces) {
        if (isOf(piece, part)) piece.done = true;
      }
}

type Said = Extract<Piece, { kind: "text" | "table" }>;
const isOf = (piece: Piece, part: string): piece is Said =>
  (piece.kind === "text" || piece.kind === "table") && segmentOf(piece.part).part === part;

const slotsOf = (view: SlackView, place: Place): Slot[] =>
  view.entries.filter((entry): entry is Slot => entry.kind === "slot" && entry.turn === place.turn);

/** Numbers of the stretches of a part that the view remembers. */
function knownSegments(view: SlackView, place: Place, part: string): number[] {
  const names = view.entries.flatMap((entry) => {
    if (entry.kind === "card" || entry.turn !== place.turn) return [];
    if (entry.kind === "file") return entry.part === null ? [] : [entry.part];
    return entry.pieces.flatMap((piece) => (isOf(piece, part) ? [piece.part] : []));
  });
  return names.map(segmentOf).flatMap((one) => (one.part === part ? [one.n] : []));
}

/** Takes away what the transcript does not hold: stretches that are none any more, or of another kind. */
function dropOthers(view: SlackView, place: Place, part: string, segments: readonly Segment[]): void {
  for (const slot of slotsOf(view, place)) {
    const kept = slot.pieces.filter((piece) => {
      if (!isOf(piece, part)) return true;
      const kind = segments[segmentOf(piece.part).n]?.kind;
      return kind === piece.kind || (kind === "table" && piece.kind === "text");
    });
    if (kept.length === slot.pieces.length) continue;
    slot.pieces = kept;
    toEdit(slot, { stale: true });
  }
}

const asText = (markdown: string): string => `\n\n${plainTable({ text: markdown })}\n\n`;

/** A whole table: Slack's own block, or the first rows of it and a file with all of them. */
function setTable(view: SlackView, place: Place, name: string, markdown: string, done: boolean): void {
  for (const slot of slotsOf(view, place)) {
    const piece = slot.pieces.find((one) => (one.kind === "table" || one.kind === "text") && one.part === name);
    if (piece === undefined) continue;
    // As text, where blocks were refused.
    if (piece.kind === "text") return setText(view, place, name, asText(markdown), done);
    if (piece.kind === "table") piece.done = done;
    return;
  }
  if (view.entries.some((entry) => entry.kind === "file" && entry.part === name)) return;
  const table = readTable(markdown);
  const fits = tableBlock(table) !== null;
  const shown = fits ? markdown : writeTable(firstRows(table));
  let slot = current(view, place);
  if (slot.plain) setText(view, place, name, asText(shown), done);
  else {
    // One table a message is all that Slack takes.
    if (slot.pieces.some((piece) => piece.kind === "table")) {
      close(slot, "elsewhere");
      slot = current(view, place);
    }
    put(view, place, { kind: "table", part: name, text: shown, sent: false, done });
  }
  if (fits) return;
  const rows = table.rows.length - 1;
  putFile(view, place, {
    id: `table:${place.turn}:${name}`,
    part: name,
    name: "table.csv",
    alt: `A table of ${rows} rows`,
    comment: `The first rows are above; all ${rows} are in this file.`,
    content: { from: "text", text: csvOf(table) },
    spare: `All ${rows} rows:\n\n${fenced(csvOf(table))}`,
  });
}

/**
 * Past the last message that an answer may take its text is taken back; nothing of that has been sent yet, for it was put
 * there a moment ago. Gives what was taken.
 */
function cutPages(view: SlackView, place: Place, part: string): string {
  const pages = slotsOf(view, place).filter((slot) => slot.pieces.some((piece) => isOf(piece, part)));
  const last = pages[ours.answerMessages - 1];
  if (pages.length <= ours.answerMessages || last === undefined) return "";
  const from = view.entries.indexOf(last);
  let rest = "";
  view.entries = view.entries.filter((entry, at) => {
    if (at <= from || entry.ts !== null || entry.intentAt !== null) return true;
    if (entry.kind === "file") return entry.part === null || segmentOf(entry.part).part !== part;
    if (entry.kind !== "slot" || entry.turn !== place.turn) return true;
    const taken = entry.pieces.filter((piece) => isOf(piece, part));
    if (taken.length === 0) return true;
    for (const piece of taken) rest += piece.kind === "table" ? `\n\n${plainTable(piece)}\n\n` : fullText(piece);
    entry.pieces = entry.pieces.filter((piece) => !isOf(piece, part));
    return entry.pieces.length > 0;
  });
  return rest;
}

function putRest(view: SlackView, place: Place, part: string, markdown: string, rest: string): void {
  const last = view.entries.at(-1);
  if (last?.kind === "slot") touched(last);
  putFile(view, place, {
    id: `rest:${place.turn}:${part}`,
    name: "answer.md",
    alt: "The whole answer as Markdown",
    comment: "The answer is longer than fits here: all of it is in this file.",
    content: { from: "text", text: markdown },
    spare: rest,
  });
}
