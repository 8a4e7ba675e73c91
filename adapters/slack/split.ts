import { continued, fencesOf, prefixOf } from "./fences.ts";

const encoder = new TextEncoder();
export const byteLength = (text: string): number => encoder.encode(text).byteLength;

/** The line that opens the code fence in which `text` ends again, or null. */
export function openFence(text: string): string | null {
  const last = fencesOf(text).at(-1);
  const lines = text.split("\n");
  const end = lines.findLastIndex((line) => /[^ \t]/.test(line));
  if (last === undefined || last.closed || last.to < end) return null;
  const line = lines[last.from] ?? "";
  const prefix = prefixOf(line);
  return continued(prefix) + line.slice(prefix.length).trimEnd();
}

/** What closes a fence that `openFence` gave. */
export const closeFence = (line: string): string => `\n${/^[^`~]*(?:`+|~+)/.exec(line)?.[0] ?? "```"}`;

/** What in the middle of a line means nothing, and at its beginning begins something. */
const begins = /^[ \t]*[-+*~`[\]>#=|:\d]/;

/**
 * What the next message begins with, so that `rest` is in it what it was after `head`: the fence that is open there, or
 * an invisible sign where the cut made a beginning of a line.
 */
export function resumed(open: string | null, head: string, rest: string): string {
  const within = head !== "" && !head.endsWith("\n");
  if (open !== null) return `${open}\n${within ? prefixOf(open) : ""}`;
  return within && begins.test(rest) ? "\u2060" : "";
}

/** Length of the longest head of `text` that has at most `bytes` bytes of UTF-8; never half a character. */
export function fitting(text: string, bytes: number): number {
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

/** In inert text: a code span, or a link or an address with its host behind it. */
const constructs =
  /\\[!-/:-@[-`{-~]|(?<ticks>`+)(?!`).*?(?<!`)\k<ticks>(?!`)|`+|(?:\[(?:\\.|[^[\]\\]){0,4000})?\]\([^()\s]*\)(?: \([^()\s]*\))?|https?:\/\/[^\s`[\]\\]+(?: \([^()\s]*\))?/gi;

/** The last place up to `at` that is within no code span and no link: half of one could be read as something else. */
function outside(text: string, at: number): number {
  const begin = text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const line = text.slice(begin, newline === -1 ? text.length : newline);
  // A line that opens or closes a fence is one with all that stands in it.
  if (at > begin && at < begin + line.length && /^(?:`{3}|~{3})/.test(line.slice(prefixOf(line).length))) return begin;
  for (const { 0: found, index } of line.matchAll(constructs)) {
    if (begin + index >= at) break;
    if (begin + index + found.length > at) return begin + index;
  }
  return at;
}

/**
 * Where to cut inert `text` so that the head has at most `bytes` bytes and at least `min` characters: after a paragraph,
 * else a line, else a word, else where it must be, but within no link and no code. A boundary in the first half is too
 * early to be worth it.
 */
export function cutAt(text: string, bytes: number, min = 0): number {
  const max = Math.max(fitting(text, bytes), min);
  if (max >= text.length) return text.length;
  for (const boundary of ["\n\n", "\n", " "]) {
    const found = text.lastIndexOf(boundary, max - boundary.length);
    const at = found === -1 ? 0 : outside(text, found + boundary.length);
    if (at >= Math.max(min, max / 2, 1)) return at;
  }
  return Math.max(outside(text, max), min);
}

/** The beginning of inert text, at most `max` characters. */
export const clipInert = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, cutAt(text, max - 1))}…`;
