import { address, link, maxHeld } from "./inert-link.ts";
import { breakTokens, escapeText } from "./mrkdwn.ts";

interface Found {
  out: string;
  /** Index after what was read. */
  to: number;
}
/** "wait": not decided before more of the line comes. Null: it is not what it looked like. */
type Look = Found | "wait" | null;

export interface Line {
  out: string;
  /** The rest is not decided before more comes. */
  waits: boolean;
}

const plain = /[^\\`![\]<>&hHwW@:]*/y;
const punctuation = /[!-/:-@[-`{-~]/;

/** For each opening bracket the one that closes it. */
function brackets(line: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\\") at++;
    else if (line[at] === "[") open.push(at);
    else if (line[at] === "]") {
      const from = open.pop();
      if (from !== undefined) pairs.set(from, at);
    }
  }
  return pairs;
}

/** For each run of backticks, by its index, where the next of its length begins. */
function tickRuns(line: string): Map<number, number> {
  const next = new Map<number, number>();
  const last = new Map<number, number>();
  for (const { 0: run, index } of line.matchAll(/`+/g)) {
    const before = last.get(run.length);
    if (before !== undefined) next.set(before, index);
    last.set(run.length, index);
  }
  return next;
}

/**
 * One line of Markdown, from `start` on, made inert. `partial`: more of it may come. `clean`: all code so far in its
 * paragraph is code in every reading, so that a link in code can stay as it is written.
 */
export function inertLine(line: string, start: number, given: { partial: boolean; clean: boolean }): Line {
  const reader = new LineReader(line, start, given);
  return reader.read();
}

class LineReader {
  readonly #line: string;
  readonly #partial: boolean;
  readonly #pairs: Map<number, number>;
  readonly #runs: Map<number, number>;
  #at: number;
  readonly #clean: boolean;
  /** A code span with a pipe in it is cut in two where the line is a row of a table. */
  #piped = false;
  /** An address stands right before: some take in what follows it, up to the next blank. */
  #glued = false;

  constructor(line: string, start: number, { partial, clean }: { partial: boolean; clean: boolean }) {
    this.#line = line;
    this.#at = start;
    this.#partial = partial;
    this.#clean = clean;
    this.#pairs = brackets(line);
    this.#runs = tickRuns(line);
  }

  read(): Line {
    let out = "";
    while (this.#at < this.#line.length) {
      out += this.#plain();
      if (this.#at === this.#line.length) break;
      const found = this.#look();
      if (found === "wait") return { out, waits: true };
      const sign = this.#line[this.#at] as string;
      out += found === null ? escapeText(sign) : found.out;
      if (found === null) this.#passed(sign);
      this.#at = found === null ? this.#at + 1 : found.to;
    }
    return { out, waits: false };
  }

  /** What can mean nothing, up to the next sign that can. */
  #plain(): string {
    plain.lastIndex = this.#at;
    const text = plain.exec(this.#line)?.[0] ?? "";
    if (/[ \t]/.test(text)) this.#glued = false;
    this.#at += text.length;
    return text;
  }

  #passed(sign: string): void {
    if (sign === "@" || /^(?::\/\/|www\.)/i.test(this.#line.slice(this.#at, this.#at + 4))) this.#glued = true;
  }

  #look(): Look {
    const at = this.#at;
    const sign = this.#line[at] as string;
    const next = this.#line[at + 1];
    if (next === undefined && this.#partial && (sign === "\\" || sign === "!" || sign === "]")) return "wait";
    switch (sign) {
      case "\\":
        return this.#escape(next);
      case "`":
        return this.#code();
      case "!":
        if (next !== "[") return null;
        return this.#link(at + 1, true) ?? { out: "\\!", to: at + 1 };
      case "[":
        return this.#link(at, false);
      case "]":
        // Only `#link` makes links: whatever was not read as one must not be one for Slack either.
        return next === "(" ? { out: "]\\(", to: at + 2 } : null;
      case "<":
        return this.#angle();
      case "h":
      case "H":
      case "w":
      case "W":
        return this.#web();
      default:
        return null;
    }
  }

  #escape(next: string | undefined): Look {
    if (next === undefined || !punctuation.test(next)) return null;
    // An escaped bracket of ours would lose its escape to the backslash before it.
    return { out: next === "<" || next === ">" || next === "&" ? escapeText(next) : `\\${next}`, to: this.#at + 2 };
  }

  #code(): Look {
    const from = this.#at;
    let open = from;
    while (this.#line[open] === "`") open++;
    if (open === this.#line.length && this.#partial) return "wait";
    const length = open - from;
    const close = this.#runs.get(from);
    const to = close === undefined ? this.#line.length : close + length;
    // The closing run may still grow.
    if (this.#partial && to === this.#line.length && to - from < maxHeld) return "wait";
    const signs = { out: "\\`".repeat(length), to: open };
    if (close === undefined || to - from > maxHeld) return signs;
    const code = breakTokens(this.#line.slice(from, to));
    const sure = this.#clean && !this.#piped && !code.includes("|");
    if (this.#glued || (!sure && /[<@]|\]\(/.test(code))) return signs;
    this.#piped ||= code.includes("|");
    return { out: code, to };
  }

  #link(open: number, image: boolean): Look {
    const close = this.#pairs.get(open);
    const rest = this.#line.length - open;
    if (close === undefined) return this.#partial && rest < maxHeld ? "wait" : null;
    if (close - open > maxHeld) return null;
    if (close + 1 === this.#line.length) return this.#partial ? "wait" : null;
    if (this.#line[close + 1] !== "(") return null;
    const found = link(this.#line, { open, close, image, partial: this.#partial });
    if (found !== null && found !== "wait") this.#glued = true;
    return found;
  }

  /** `<https://…>` is a link whose address is in sight; every other `<` is a sign. */
  #angle(): Look {
    const ahead = this.#line.slice(this.#at, this.#at + maxHeld);
    const [whole, url] = /^<(https?:\/\/[^\s<>`[\]\\|"^{}]*)>/i.exec(ahead) ?? [];
    if (whole === undefined || url === undefined) {
      const short = this.#partial && ahead.length < maxHeld;
      return short && /^<(?:h|ht|htt|https?|https?:|https?:\/|https?:\/\/[^\s<>]*)?$/i.test(ahead) ? "wait" : null;
    }
    const next = this.#line[this.#at + whole.length];
    if (next === undefined && this.#partial) return "wait";
    const shown = address(url);
    // What follows at once would be taken for a part of it.
    if (shown === null || (next !== undefined && !/[\s).,]/.test(next))) return null;
    this.#glued = true;
    return { out: shown, to: this.#at + whole.length };
  }

  /** A bare address is kept whole; one with a user part would show another host first. */
  #web(): Look {
    const at = this.#at;
    const ahead = this.#line.slice(at, at + maxHeld);
    const rest = this.#partial && at + ahead.length === this.#line.length && ahead.length < maxHeld;
    const begin = /^(?:https?:\/\/|www\.)/i.exec(ahead)?.[0];
    if (begin === undefined) {
      const begun = ahead.toLowerCase();
      return rest && ["http://", "https://", "www."].some((one) => one.startsWith(begun)) ? "wait" : null;
    }
    // Another address within it is judged by itself.
    const url = /^.(?:(?!https?:\/\/|www\.)[^\s<>`[\]\\|"^{}])*/i.exec(ahead)?.[0] ?? "";
    // All that some reader could take for what stands before the path.
    const authority = /^[^ \t/?#]*/.exec(ahead.slice(begin.length))?.[0] ?? "";
    const seen = Math.max(url.length, begin.length + authority.length);
    if (rest && seen === ahead.length) return "wait";
    this.#glued = true;
    const judged = begin.length + authority.length <= url.length && seen < maxHeld && !/^w/i.test(begin);
    // Signs at its end belong to the sentence: what is said of its host stands right after it.
    const trimmed = url.replace(/[^\p{L}\p{N}/#=%+$-]+$/u, "");
    const shown = judged ? address(trimmed) : null;
    if (shown !== null) return { out: shown, to: at + trimmed.length };
    if (!authority.includes("@") && begin.length + authority.length < maxHeld) return null;
    // An address of which readers could take different parts for its host is none; some look for them after Markdown.
    const broken = begin.replace(/^(https?:|www)/i, "$1\u2060");
    return { out: broken, to: at + begin.length };
  }
}
