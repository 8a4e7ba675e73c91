import { breakTokens, escapeText } from "./mrkdwn.ts";

/*
 * Markdown from the model, made harmless for Slack: no pings, no link that hides its host, no image that is fetched.
 * The output grows only at its end as the input grows, so that it can be streamed: what is not yet decided (an open
 * bracket, an open code span) is held back until it is.
 */

/** Longest label, address or code span that is waited for; beyond it the opening sign was only a sign. */
const maxHeld = 2000;

interface Found {
  out: string;
  /** Index after what was read. */
  to: number;
}
/** "wait": not decided before more text comes. Null: it is not what it looked like. */
type Look = Found | "wait" | null;

/** Index of the end of the paragraph that holds `from`: inline constructs do not reach over a blank line. */
function paragraphEnd(text: string, from: number, final: boolean): { end: number; sure: boolean } {
  const blank = text.slice(from, from + maxHeld).search(/\n[ \t]*\n|\n {0,3}(?:`{3}|~{3})/);
  if (blank !== -1) return { end: from + blank, sure: true };
  const end = Math.min(text.length, from + maxHeld);
  return { end, sure: final || text.length - from >= maxHeld };
}

function closing(text: string, from: number, end: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const sign = text[at];
    if (sign === "\\") at++;
    else if (sign === open) depth++;
    else if (sign === close && --depth === 0) return at;
  }
  return -1;
}

const hostOf = (url: string): string | null => {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  return parsed.protocol === "http:" || parsed.protocol === "https:" ? parsed.host : null;
};

/** A link with its host in sight: `[label](url) (host)`. What is no web address is shown as text. */
function link(label: string, url: string, image: boolean): string {
  const host = hostOf(url);
  const text = inertSpan(label.replace(/\s+/g, " ").trim());
  const address = url.replaceAll("(", "%28").replaceAll(")", "%29").replaceAll(" ", "%20");
  if (host === null) return `${text} (${breakTokens(escapeText(url))})`;
  const shown = text === "" ? host : text;
  const bare = text === "" || label.trim() === url || label.trim() === host;
  return `${image ? "image: " : ""}[${shown}](${escapeText(address)})${bare ? "" : ` (${host})`}`;
}

/** Label text: no nested links, no brackets that could end the label early. */
const inertSpan = (text: string): string =>
  escapeText(text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")).replace(/(^|[^\\])([[\]])/g, "$1\\$2");

function readLink(text: string, at: number, image: boolean, final: boolean): Look {
  const open = image ? at + 1 : at;
  const { end, sure } = paragraphEnd(text, at, final);
  const close = closing(text, open, end, "[", "]");
  if (close === -1) return sure ? null : "wait";
  if (close + 1 >= text.length) return final ? null : "wait";
  if (text[close + 1] !== "(") return null;
  const stop = closing(text, close + 1, end, "(", ")");
  if (stop === -1) return sure ? null : "wait";
  const inside = text.slice(close + 2, stop).trim();
  const url = /^<([^<>]*)>|^(\S*)/.exec(inside);
  return { out: link(text.slice(open + 1, close), url?.[1] ?? url?.[2] ?? "", image), to: stop + 1 };
}

function readCode(text: string, at: number, final: boolean): Look {
  let run = at;
  while (text[run] === "`") run++;
  if (run === text.length && !final) return "wait";
  const ticks = text.slice(at, run);
  const { end, sure } = paragraphEnd(text, at, final);
  let close = text.indexOf(ticks, run);
  while (close !== -1 && close < end) {
    const after = close + ticks.length;
    if (after >= text.length && !final) return "wait";
    if (text[after] !== "`") return { out: breakTokens(text.slice(at, after)), to: after };
    let skip = after;
    while (text[skip] === "`") skip++;
    close = text.indexOf(ticks, skip);
  }
  return sure ? { out: ticks, to: run } : "wait";
}

/** `<https://…>` is a link whose address is in sight; every other `<` is a sign. */
function readAngle(text: string, at: number, final: boolean): Look {
  const { end, sure } = paragraphEnd(text, at, final);
  const close = text.slice(at, end).search(/[>\s|]/);
  if (close === -1) return sure || !/^<(?:h|$)/i.test(text.slice(at, at + 2)) ? null : "wait";
  const url = text.slice(at + 1, at + close);
  if (text[at + close] !== ">" || hostOf(url) === null) return null;
  return { out: escapeText(url), to: at + close + 1 };
}

/** A bare address is kept whole; one with a user part would show another host first. */
function readAddress(text: string, at: number, final: boolean): Look {
  const length = text.slice(at, at + maxHeld).search(/[\s<>`]|$/);
  if (at + length >= text.length && !final && length < maxHeld) return "wait";
  const url = text.slice(at, at + length);
  const host = hostOf(url);
  const hidden =
    host !== null &&
    url
      .replace(/^https?:\/\//i, "")
      .split(/[/?#]/, 1)[0]
      ?.includes("@");
  return { out: escapeText(url) + (hidden ? ` (${host})` : ""), to: at + length };
}

/** Opening or closing of a code fence; indented ones stand in lists. */
export const fenceLine = /^[ \t]*(`{3,}|~{3,})([^\n]*)$/;
/** A line that is not over yet and may still become a fence. */
const maybeFence = /^[ \t]*(?:`{1,2}|~{1,2}|`{3,}[^`\n]*|~{3,}[^\n]*)?$/;
const definition = /^[ \t]{0,3}\[[^\]\n]{0,500}\]:/;
const maybeDefinition = /^[ \t]{0,3}\[[^\]\n]{0,500}\]?$/;

function look(text: string, at: number, final: boolean): Look {
  const sign = text[at] as string;
  const next = text[at + 1];
  if (next === undefined && !final && (sign === "\\" || sign === "!" || sign === "]")) return "wait";
  switch (sign) {
    case "\\":
      // An escaped bracket of ours would lose its escape to the backslash before it.
      if (next === "<" || next === ">" || next === "&") return { out: escapeText(next), to: at + 2 };
      return next !== undefined && /[\\`*_{}[\]()#+.!~|-]/.test(next) ? { out: sign + next, to: at + 2 } : null;
    case "`":
      return readCode(text, at, final);
    case "!":
      if (next !== "[") return null;
      return readLink(text, at, true, final) ?? { out: "\\!", to: at + 1 };
    case "[":
      return readLink(text, at, false, final);
    case "]":
      // Only `link` makes links: whatever was not read as one must not be one for Slack either.
      return next === "(" ? { out: "]\\(", to: at + 2 } : null;
    case "<":
      return readAngle(text, at, final);
    case "h":
    case "H": {
      if (/[a-z0-9]/i.test(text[at - 1] ?? "")) return null;
      const ahead = text.slice(at, at + 8).toLowerCase();
      if (ahead.startsWith("http://") || ahead === "https://") return readAddress(text, at, final);
      const cut = at + ahead.length >= text.length && ("http://".startsWith(ahead) || "https://".startsWith(ahead));
      return cut && !final ? "wait" : null;
    }
    default:
      return null;
  }
}

/**
 * Markdown made inert. With `final: false` only what can no longer change: the answer for a longer text starts with
 * the answer for a shorter one.
 */
export function inert(given: string, options: { final: boolean }): string {
  const { final } = options;
  // Half a character cannot be sent; at the end of a text that is still written its other half is on its way.
  const markdown = (final ? given : given.replace(/[\uD800-\uDBFF]$/, "")).toWellFormed();
  let out = "";
  let at = 0;
  let open: string | null = null;
  let begin = true;
  while (at < markdown.length) {
    if (begin) {
      begin = false;
      const newline = markdown.indexOf("\n", at);
      const line = newline === -1 ? markdown.slice(at) : markdown.slice(at, newline);
      const cut = newline === -1 && !final;
      if (cut && (open !== null || maybeFence.test(line) || maybeDefinition.test(line))) return out;
      const marks = fenceLine.exec(line);
      const opens = marks !== null && open === null && !(marks[1]?.startsWith("`") && marks[2]?.includes("`"));
      const closes = open !== null && marks?.[1]?.startsWith(open) === true && marks[2]?.trim() === "";
      if (open !== null || opens) {
        if (opens) open = marks[1] ?? null;
        if (closes) open = null;
        out += breakTokens(line) + (newline === -1 ? "" : "\n");
        at = newline === -1 ? markdown.length : newline + 1;
        begin = true;
        continue;
      }
      // A quote's sign is Markdown's own and no token; a definition would let a later label hide its host.
      const quote = /^(?:[ \t]{0,3}>[ \t]?)+/.exec(line)?.[0] ?? "";
      out += quote;
      at += quote.length;
      if (definition.test(line.slice(quote.length))) {
        const bracket = markdown.indexOf("[", at);
        out += `${markdown.slice(at, bracket)}\\[`;
        at = bracket + 1;
      }
      continue;
    }
    const found = look(markdown, at, final);
    if (found === "wait") return out;
    const sign = markdown[at] as string;
    out += found === null ? escapeText(sign) : found.out;
    at = found === null ? at + 1 : found.to;
    begin = sign === "\n";
  }
  return out;
}
