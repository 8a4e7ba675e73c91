import { upright } from "../../kernel/chat/direction.ts";
import { continued, fencesOf, prefixOf } from "./fences.ts";
import type { Fence } from "./fences.ts";
import { inertLine } from "./inert-line.ts";
import { breakTokens, unlinked } from "./mrkdwn.ts";

/*
 * Markdown from the model, made harmless for Slack: no pings, no link that hides its host, no image that is fetched.
 *
 * Nobody outside knows how Slack reads Markdown, so the output is written in a way that every reading of CommonMark
 * agrees on: a code span or a link stands on one line, whatever is not one is escaped where it could be taken for one,
 * and a fence that ends with its list item or quote is closed by a line of its own. Where fences are is judged by a real
 * parse (`fences.ts`).
 *
 * The output grows only at its end as the input grows, so that it can be streamed: what is not yet decided (an open
 * bracket, an open code span, a line that may become a fence) is held back until it is.
 */

/** Longest label of a definition that is looked for; CommonMark's own limit is 999 characters. */
const maxLabel = 2000;
const blank = /^[ \t]*$/;
/** A line that is not over yet and may still become a fence, or of which only list markers and quote signs are there. */
const maybeFence = /^(?:$|`{1,2}$|`{3,}[^`]*$|~{1,2}$|~{3,}|\d{1,9}[.)]?$|[-+*]$)/;
/** Where every reading finds a fence again, also when the list that it stands in is not there: at most so far in. */
const shallow = /^(?: {0,3}> ?)* {0,3}$/;

/** A fence behind a number that not every reader lets begin a list right below another line: it is none. */
const doubtful =
  /(?<=\S[ \t]*\n)((?:[ \t]*(?:>|[-*+][ \t]))*[ \t]*(?!0*1[.)])\d{1,9}[.)](?:[ \t]+(?:>|[-*+]|\d{1,9}[.)]))*[ \t]+)(?=`{3}|~{3})/g;

/** Code that some reader might not take for code: nothing in it is a link, or an address that begins with another host. */
const guarded = (line: string): string =>
  unlinked(breakTokens(line)).replace(/(https?:|www)(?=(?:\/\/|\.)[^\s/?#]*@)/gi, "$1\u2060");

interface Settled {
  text: string;
  /** False for a text that is still written: its last line may go on. */
  final: boolean;
}

/**
 * Markdown made inert. With `final: false` only what can no longer change: the answer for a longer text starts with
 * the answer for a shorter one.
 */
export function inert(given: string, { final }: { final: boolean }): string {
  // Half a character, a line end or a flag cannot be judged; at the end of a text that is still written the rest is on its way.
  const whole = final ? given : given.replace(/(?:[\uD800-\uDBFF]|\r|\u{1f3f4}[\u{e0020}-\u{e007e}]{0,6})$/u, "");
  const text = upright(whole.toWellFormed())
    .replace(/\r\n?/g, "\n")
    .replaceAll("\0", "\uFFFD")
    .replace(doubtful, "$1\\");
  return new Inert({ text, final }).read();
}

class Inert {
  readonly #text: string;
  readonly #final: boolean;
  readonly #lines: string[];
  readonly #fences: Fence[];
  #out = "";
  /** What a line begins with that closes the fence that was open in a list or quote when its lines ended. */
  #unclosed: string | null = null;
  #marks = "";
  /** In this paragraph no sign of code was passed that a reading might pair otherwise. */
  #clean = true;

  constructor({ text, final }: Settled) {
    this.#text = text;
    this.#final = final;
    this.#lines = text.split("\n");
    this.#fences = fencesOf(text);
  }

  read(): string {
    const last = this.#lines.length - 1;
    let start = 0;
    const fences = this.#fences.values();
    let fence = fences.next().value;
    for (const [n, line] of this.#lines.entries()) {
      const partial = n === last && !this.#final;
      const fenced = fence !== undefined && n >= fence.from && (n <= fence.to || (n === last && line === ""));
      if (partial && (fenced || maybeFence.test(line.slice(prefixOf(line).length)))) return this.#out;
      this.#close(line);
      if (fenced) this.#fenceLine(fence as Fence, n);
      else if (!this.#textLine(line, start, partial)) return this.#out;
      if (n < last) this.#out += "\n";
      if (fence !== undefined && n >= fence.to) fence = fences.next().value;
      start += line.length + 1;
    }
    return this.#out;
  }

  #fenceLine(fence: Fence, n: number): void {
    const line = this.#lines[n] as string;
    const opening = this.#lines[fence.from] as string;
    const prefix = prefixOf(opening);
    if (!fence.nested) {
      // At the very left no list can take it in, whatever stands before it.
      this.#out += breakTokens(line.replace(/^ {0,3}/, (blanks) => blanks.slice(prefix.length)));
      this.#clean = true;
      return;
    }
    this.#clean = false;
    const inner = continued(prefix);
    if (n === fence.from) this.#out += guarded(line);
    else if (fence.closed && n === fence.to)
      this.#out +=
        line.startsWith(inner) && /^[`~]+[ \t]*$/.test(line.slice(inner.length)) ? line : inner + fence.marks;
    else this.#out += shallow.test(inner) ? breakTokens(line) : guarded(line);
    if (!fence.closed && n === fence.to) this.#unclosed = inner;
    this.#marks = fence.marks;
  }

  /** Closes a fence that has ended with what it stands in, before the first line that is certainly outside. */
  #close(line: string): void {
    const inner = this.#unclosed;
    if (inner === null) return;
    const quotes = (text: string): number => text.replace(/[^>]/g, "").length;
    if (/^[ \t>]*$/.test(line) && quotes(line) === quotes(inner)) return;
    this.#out += `${inner}${this.#marks}\n`;
    this.#unclosed = null;
  }

  /** False when the line waits for more. */
  #textLine(line: string, start: number, partial: boolean): boolean {
    if (blank.test(line)) this.#clean = true;
    const prefix = prefixOf(line);
    this.#out += prefix;
    let at = prefix.length;
    if (line.startsWith("~~~", at)) this.#out += "\\";
    else if (/^\[[ xX]\][ \t]+\[/.test(line.slice(at, at + 50))) {
      const box = line.indexOf("[", at + 1);
      this.#out += line.slice(at, box);
      at = box;
    }
    if (line[at] === "[") {
      const defines = this.#defines(start + at);
      if (defines === "wait") return false;
      if (defines) {
        this.#out += "\\[";
        at++;
      }
    }
    const read = inertLine(line, at, { partial, clean: this.#clean });
    this.#out += read.out;
    return !read.waits;
  }

  /** Whether a link could be defined at this bracket, the first of a line: `[label]:`, the label over several lines. */
  #defines(from: number): boolean | "wait" {
    const ahead = this.#text.slice(from + 1, from + 1 + maxLabel);
    const end = /^(?:\\[^]|[^\]\\])*?(?:\]|\n[ \t]*(?=\n))/.exec(ahead)?.[0];
    if (end === undefined) return ahead.length < maxLabel && !this.#final ? "wait" : false;
    if (!end.endsWith("]")) return false;
    const next = this.#text[from + 1 + end.length];
    return next === undefined && !this.#final ? "wait" : next === ":";
  }
}
