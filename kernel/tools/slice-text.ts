export interface TextSlice {
  text: string;
  /** The first line of the slice, from 1. */
  firstLine: number;
  lastLine: number;
  totalLines: number;
  /** The line to go on with, or null when the slice reaches the end. */
  nextLine: number | null;
  /** True when a single line was longer than the bound and was cut. */
  lineCut: boolean;
}

/** Lines `offset` (from 1) and following, at most `limit` of them and `maxChars` characters; whole lines where it can. */
export function sliceText(text: string, offset: number, limit: number, maxChars: number): TextSlice {
  const lines = text.split("\n");
  const start = Math.min(Math.max(1, offset), lines.length) - 1;
  const taken: string[] = [];
  let chars = 0;
  let lineCut = false;
  for (const line of lines.slice(start, start + limit)) {
    if (chars + line.length + 1 > maxChars) {
      if (taken.length === 0) {
        // Not in the middle of a surrogate pair.
        taken.push(line.slice(0, maxChars).replace(/[\ud800-\udbff]$/, ""));
        lineCut = true;
      }
      break;
    }
    taken.push(line);
    chars += line.length + 1;
  }
  const end = start + taken.length;
  return {
    text: taken.join("\n"),
    firstLine: start + 1,
    lastLine: end,
    totalLines: lines.length,
    nextLine: end < lines.length ? end + 1 : null,
    lineCut,
  };
}
