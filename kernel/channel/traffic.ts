/**
 * How many inputs came lately in this isolate, whichever of its channels they were for. Bounded: the times of the newest
 * few, and no more.
 */
export class Traffic {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #times: number[] = [];

  /** Busy is who had more than `most` inputs within the last `withinMs`. */
  constructor(most: number, withinMs: number) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  came(now: number): void {
    this.#times.push(now);
    if (this.#times.length > this.#most + 1) this.#times.shift();
  }

  busy(now: number): boolean {
    const oldest = this.#times[0];
    return this.#times.length > this.#most && oldest !== undefined && now - oldest <= this.#withinMs;
  }
}
