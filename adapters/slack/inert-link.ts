import { breakTokens, escapeText } from "./mrkdwn.ts";

/** Longest label, address or code span that is waited for; beyond it the opening sign was only a sign. */
export const maxHeld = 2000;

/** What an address must not hold where Markdown reads it: it would end there, or begin something else. */
const unsafe = /[()`|"<>[\]^{}'\s]/g;
const percent = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

interface Web {
  /** As it is written, or as it is meant where readers could differ. */
  url: string;
  host: string;
  /** The address as it is written begins with its host. */
  open: boolean;
}

/** An address of the web whose host every reader agrees on; null for all others. */
function webOf(url: string): Web | null {
  const authority = /^https?:\/\/([^/?#\s\\]*)/i.exec(url)?.[1];
  if (authority === undefined || url.includes("\\") || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  const open = authority.toLowerCase() === parsed.host;
  if (!/^[a-z0-9._-]+(?::\d+)?$/.test(parsed.host)) return null;
  return { url: open || authority.includes("@") ? url : parsed.href, host: parsed.host, open };
}

const shownHost = (host: string): string => ` (${host.replaceAll("_", "\\_")})`;

/** A bare address as text, with its host where that is not what is read first; null when it cannot be judged. */
export function address(url: string): string | null {
  const web = webOf(url);
  if (web === null) return null;
  // A sign of emphasis would end it for some readers, and what is said of its host would stand behind the rest.
  return web.open ? escapeText(url) : escapeText(url.replace(/[*_~]/g, percent)) + shownHost(web.host);
}

const resource =
  /\([ \t]*(?:<(?<angle>[^<>]*)>|(?<plain>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*\)/y;

/**
 * The link at `open`, its label up to `close`, with its host in sight: `[label](url) (host)`. What is no address of the
 * web is shown as text. Null when it is no link, "wait" when that is not decided yet.
 */
export function link(
  line: string,
  at: { open: number; close: number; image: boolean; partial: boolean },
): { out: string; to: number } | "wait" | null {
  const begin = at.close + 1;
  const ahead = line.slice(begin, begin + maxHeld);
  resource.lastIndex = 0;
  const found = resource.exec(ahead);
  if (found === null) return at.partial && ahead.length < maxHeld ? "wait" : null;
  const to = begin + found[0].length;
  const label = line.slice(at.open + 1, at.close);
  const url = found.groups?.angle ?? found.groups?.plain ?? "";
  const web = webOf(url);
  const text = inertLabel(label);
  if (web === null) {
    // Without its brackets a label that is no plain word could begin a block.
    const plain = /^\p{L}[^|]*$/u.test(label) && /^[\w\-./:#?=%+~@,;& ]*$/.test(url);
    return plain ? { out: `${text} (${breakTokens(escapeText(url))})`, to } : null;
  }
  const said = label.trim();
  const bare = web.open && (said === "" || said === url || said.toLowerCase() === web.host);
  const shown = said === "" ? escapeText(url) : text;
  const href = escapeText(web.url.replace(unsafe, percent));
  return { out: `${at.image ? "image: " : ""}[${shown}](${href})${bare ? "" : shownHost(web.host)}`, to };
}

const inner = /!?\[((?:\\.|[^\]\\])*)\]\([^()]*\)/g;
const pieces = /\\(?<escaped>[!-/:-@[-`{-~])|(?<ticks>`+)|[\\[\]]|[^\\`[\]]+/g;

/** Text of a label: no links within it, no bracket that could end it early, code only where nothing in it could. */
function inertLabel(given: string): string {
  const label = given.replace(inner, "$1");
  let out = "";
  let at = 0;
  for (const piece of label.matchAll(pieces)) {
    if (piece.index < at) continue;
    const { escaped, ticks } = piece.groups ?? {};
    const [text] = piece;
    at = piece.index + text.length;
    if (ticks !== undefined) {
      const code = codeAt(label, piece.index, ticks.length);
      out += code === null ? "\\`".repeat(ticks.length) : breakTokens(code);
      if (code !== null) at = piece.index + code.length;
    } else if (escaped !== undefined) out += /[<>&]/.test(escaped) ? escapeText(escaped) : text;
    else out += text === "\\" ? "\\\\" : /^[[\]]$/.test(text) ? `\\${text}` : escapeText(text);
  }
  return out;
}

/** The code span at a run of backticks; null when it has none or could hurt. */
function codeAt(label: string, from: number, length: number): string | null {
  for (const { 0: run, index } of label.slice(from + length).matchAll(/`+/g)) {
    if (run.length !== length) continue;
    const code = label.slice(from, from + length + index + length);
    return /[[\]|]/.test(code) ? null : code;
  }
  return null;
}
