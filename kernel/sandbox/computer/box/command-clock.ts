/**
 * The time a command has. It stands still while a person is asked for something that the command called, however often
 * and from however many sides at once.
 */
export class CommandClock {
  readonly #over = new AbortController();
  readonly #now: () => number;
  #leftMs: number;
  #since: number;
  #holds = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ms: number, now: () => number = Date.now) {
    this.#now = now;
    this.#leftMs = ms;
    this.#since = now();
    this.#run();
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Stops it; each hold wants its release. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds > 1 || this.#timer === null) return;
    this.stop();
    this.#leftMs -= this.#now() - this.#since;
  }

  release(): void {
    if (this.#holds === 0) return;
    this.#holds -= 1;
    if (this.#holds === 0 && !this.#over.signal.aborted) this.#run();
  }

  /** For good. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #run(): void {
    this.#since = this.#now();
    this.#timer = setTimeout(() => this.#over.abort(), Math.max(0, this.#leftMs));
  }
}
