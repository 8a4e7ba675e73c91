/**
 * Keeps the first and the last of a text that may be of any length, in bounded memory. The beginning says what was done,
 * the end how it went.
 */
export class HeadTail {
  readonly #max: number;
  #head = "";
  #tail = "";
  #chars = 0;

  constructor(maxChars: number) {
    this.#max = maxChars;
  }

  /** Characters taken so far. */
  get chars(): number {
    return this.#chars;
  }

  get cut(): boolean {
    return this.#chars > this.#max;
  }

  add(text: string): void {
    this.#chars += text.length;
    const half = this.#max / 2;
    const room = half - this.#head.length;
    if (room > 0) this.#head += text.slice(0, room);
    this.#tail += room > 0 ? text.slice(room) : text;
    // Twice what is needed, so that a long text is not copied for each piece of it.
    if (this.#tail.length > 2 * half) this.#tail = this.#tail.slice(-half);
  }

  /** All of it, or its halves with a line between them that says how much is missing. */
  text(): string {
    if (!this.cut) return this.#head + this.#tail;
    const half = this.#max / 2;
    // A character beyond the basic plane is two units long and must not be cut in two.
    const head = this.#head.replace(/[\uD800-\uDBFF]$/, "");
    const tail = this.#tail.slice(-half).replace(/^[\uDC00-\uDFFF]/, "");
    const missing = (this.#chars - head.length - tail.length).toLocaleString("en");
    return `${head}\n… ${missing} characters left out …\n${tail}`;
  }
}
