import { fenceLine } from "./inert.ts";

const encoder = new TextEncoder();
export const byteLength = (text: string): number => encoder.encode(text).byteLength;

/** The opening line of the code fence that is still open at the end of `text`, or null. */
export function openFence(text: string): string | null {
  let open: { marks: string; line: string } | null = null;
  for (const line of text.split("\n")) {
    const found = fenceLine.exec(line);
    const marks = found?.[1];
    if (!marks) continue;
    if (open === null) {
      if (!(marks.startsWith("`") && found[2]?.includes("`"))) open = { marks, line: line.trim() };
    } else if (marks.startsWith(open.marks) && found[2]?.trim() === "") open = null;
  }
  return open === null ? null : open.line;
}

/** What closes a fence that `openFence` gave. */
export const closeFence = (line: string): string => `\n${/^(?:`+|~+)/.exec(line)?.[0] ?? "```"}`;

/** Length of the longest head of `text` that has at most `bytes` bytes of UTF-8; never half a character. */
function fitting(text: string, bytes: number): number {
  let used = 0;
  let at = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    used += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (used > bytes) return at;
    at += sign.length;
  }
  return at;
}

/**
 * Where to cut `text` so that the head has at most `bytes` bytes and at least `min` characters: after a paragraph, else
 * a line, else a word, else where it must be. A boundary in the first half is too early to be worth it.
 */
export function cutAt(text: string, bytes: number, min = 0): number {
  const max = Math.max(fitting(text, bytes), min);
  if (max >= text.length) return text.length;
  for (const boundary of ["\n\n", "\n", " "]) {
    const found = text.lastIndexOf(boundary, max - boundary.length);
    if (found !== -1 && found + boundary.length >= Math.max(min, max / 2, 1)) return found + boundary.length;
  }
  return max;
}
