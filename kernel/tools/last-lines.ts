const maxLines = 5;
const maxLineChars = 200;
const everyMs = 400;

/** Shows the last lines of what is being written, not more often than a reader can follow. */
export class LastLines {
  readonly #show: (lines: string) => void;
  readonly #now: () => number;
  #text = "";
  #shown = "";
  #at = Number.NEGATIVE_INFINITY;

  constructor(show: (lines: string) => void, now: () => number = () => performance.now()) {
    this.#show = show;
    this.#now = now;
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-maxLines * maxLineChars * 2);
    if (this.#now() - this.#at < everyMs) return;
    this.#at = this.#now();
    const lines = this.#text
      .split(/\r\n|\n/)
      // A bar that is drawn over and over is one line: its last state.
      .map((line) => (line.split("\r").findLast((part) => part !== "") ?? "").slice(0, maxLineChars))
      .filter((line) => line.trim() !== "")
      .slice(-maxLines)
      .join("\n");
    if (lines === "" || lines === this.#shown) return;
    this.#shown = lines;
    this.#show(lines);
  }
}
