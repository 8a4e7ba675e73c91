const maxLines = 5;
const maxLineChars = 200;
const everyMs = 400;
/** A card takes so many characters and then no more: the fuller it is, the rarer it grows. */
const charsToDouble = 200;

export interface Ticking {
  now(): number;
  /** Calls once, later; gives what calls it off. */
  after(ms: number, run: () => void): () => void;
}

const real: Ticking = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A bar that is drawn over and over is one line: its last state. */
const asShown = (line: string): string =>
  (line.split("\r").findLast((part) => part.trim() !== "") ?? "").slice(0, maxLineChars).trimEnd();

/**
 * Shows what is being written line by line, not more often than a reader can follow: each line once, and of many at once
 * the last ones. Progress is added to progress, so nothing that was shown is said again.
 */
export class LastLines {
  readonly #show: (lines: string) => void;
  readonly #ticking: Ticking;
  /** Whole lines that were not shown yet, the newest, and how many there were before them. */
  #lines: string[] = [];
  #skipped = 0;
  /** The line that is being written, and what was shown of it. */
  #open = "";
  #openShown = "";
  #nextAt = Number.NEGATIVE_INFINITY;
  #chars = 0;
  #callOff: (() => void) | null = null;

  constructor(show: (lines: string) => void, ticking: Ticking = real) {
    this.#show = show;
    this.#ticking = ticking;
  }

  add(text: string): void {
    const lines = (this.#open + text).split(/\r\n|\n/);
    this.#open = (lines.pop() ?? "").slice(-2 * maxLineChars);
    for (const line of lines) this.#whole(asShown(line));
    // A line that is not whole is shown when it is a bar, or when nothing more comes of it.
    const wait = this.#nextAt - this.#ticking.now();
    if (wait <= 0) this.#say(this.#open.includes("\r"));
    if (this.#callOff !== null || !this.#hasMore()) return;
    this.#callOff = this.#ticking.after(Math.max(wait, everyMs), () => {
      this.#callOff = null;
      this.#say(true);
    });
  }

  /** Nothing more is written: what was not shown yet is. */
  end(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#say(true);
  }

  #whole(line: string): void {
    const known = line === this.#openShown;
    this.#openShown = "";
    if (known || line === "") return;
    this.#lines.push(line);
    if (this.#lines.length <= maxLines) return;
    this.#lines.shift();
    this.#skipped += 1;
  }

  #hasMore = (): boolean => this.#lines.length > 0 || asShown(this.#open) !== this.#openShown;

  #say(withOpen: boolean): void {
    const open = asShown(this.#open);
    const more = withOpen && open !== this.#openShown ? [open] : [];
    if (more.length > 0) this.#openShown = open;
    const skipped = this.#skipped === 0 ? [] : [`… ${this.#skipped} more lines`];
    const text = [...skipped, ...this.#lines, ...more].filter((line) => line !== "").join("\n");
    this.#lines = [];
    this.#skipped = 0;
    if (text === "") return;
    this.#chars += text.length;
    this.#nextAt = this.#ticking.now() + everyMs * (1 + this.#chars / charsToDouble);
    this.#show(text);
  }
}
