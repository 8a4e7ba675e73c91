import { fencesOf } from "./fences.ts";
import { splitRow } from "./table.ts";

/** A stretch of an answer that is shown in its own way. */
export type Segment =
  | { kind: "text"; markdown: string }
  | { kind: "table"; markdown: string }
  /** An image that is one of the person's own files, alone on its line. */
  | { kind: "image"; path: string; alt: string };

/** Images of one answer that are uploaded; what is more stays a line of text. */
const maxImages = 10;

const indent = /^ {0,3}/;
const pipeRow = /^ {0,3}\|/;
const delimiterRow = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/;
const imageLine =
  /^ {0,3}!\[([^\]\n]{0,500})\]\([ \t]*<?(?:\.?\/)?((?:home|uploads|sites|thread)\/[^()<>\n"]{1,500}?)>?[ \t]*(?:"[^"\n]*")?\)[ \t]*$/;

/** True while an unfinished line may still become a row of a table or an image: it is held back until it is known. */
const undecided = (line: string): boolean => /^(?:\||!(?:\[|$)|$)/.test(line.replace(indent, ""));

const isHead = (line: string, next: string): boolean =>
  pipeRow.test(line) && delimiterRow.test(next) && splitRow(line).length === splitRow(next).length;

/**
 * An answer in its stretches, in their order; together they are the whole answer. With `final: false` only what can no
 * longer change: a table comes when it is whole, and the answer for a longer text begins with the answer for a shorter one
 * (only its last stretch of text grows). Rows need their leading pipe, and what stands in code is text.
 */
export function segmentsOf(markdown: string, final: boolean): Segment[] {
  const lines = markdown.split("\n");
  // The last line is not over yet, unless all is.
  const complete = final ? lines.length : lines.length - 1;
  const segments: Segment[] = [];
  let text = "";
  let images = 0;
  const fences = fencesOf(lines.map((line) => line.replace(/\r$/, "")).join("\n")).values();
  let fence = fences.next().value;
  const end = (at: number): string => (at < lines.length - 1 ? "\n" : "");
  const flush = (): void => {
    if (text !== "") segments.push({ kind: "text", markdown: text });
    text = "";
  };
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").replace(/\r$/, "");
    if (fence !== undefined && at > fence.to) fence = fences.next().value;
    if (fence !== undefined && at >= fence.from) {
      // A line that is not over yet is held back: with more of it, it may be no code.
      if (at < complete) text += line + end(at);
      continue;
    }
    if (at >= complete) {
      if (!undecided(line)) text += line;
      break;
    }
    if (pipeRow.test(line)) {
      const next = lines[at + 1]?.replace(/\r$/, "");
      if (next !== undefined && at + 1 >= complete && /^[ \t|:-]*$/.test(next)) break;
      if (next !== undefined && isHead(line, next)) {
        let last = at + 1;
        while (last + 1 < complete && lines[last + 1]?.trim() !== "" && lines[last + 1]?.includes("|")) last++;
        // The next line may be one more row.
        if (!final && last + 1 >= complete) break;
        flush();
        segments.push({ kind: "table", markdown: lines.slice(at, last + 1).join("\n") });
        at = last;
        continue;
      }
    }
    const image = imageLine.exec(line);
    if (image?.[2] !== undefined && images < maxImages) {
      flush();
      segments.push({ kind: "image", path: image[2].trim(), alt: image[1] ?? "" });
      images++;
      continue;
    }
    text += line + end(at);
  }
  flush();
  return segments;
}

/** Name of the n-th stretch of a part; the first has the part's own. */
export const segmentName = (part: string, n: number): string => (n === 0 ? part : `${part}~~${n}`);

/** The part and the number that a name was made of. */
export function segmentOf(name: string): { part: string; n: number } {
  const [part, n] = name.split("~~");
  return { part: part ?? name, n: Number(n ?? 0) };
}
