/**
 * The time a program has in all. It stands still while a person is waited for, which is bounded by itself: `maxWaitMs`
 * over all waits, those at the same time counted once.
 */
export class Deadline {
  #leftMs: number;
  #waitLeftMs: number;
  readonly #maxWaitMs: number;
  /** When what is running now, the program's time or the wait, began. */
  #since: number;
  #waits = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #over: () => void;
  readonly #now: () => number;

  constructor(wallMs: number, maxWaitMs: number, over: () => void, now: () => number) {
    this.#leftMs = wallMs;
    this.#waitLeftMs = maxWaitMs;
    this.#maxWaitMs = maxWaitMs;
    this.#over = over;
    this.#now = now;
    this.#since = now();
    this.#arm();
  }

  /** What is left for waits: 0 when there is none. */
  get waitLeftMs(): number {
    return Math.max(0, this.#maxWaitMs - this.waitedMs);
  }

  /** How long a person was waited for so far, which is nobody's computing. */
  get waitedMs(): number {
    const passed = this.#waits > 0 ? this.#now() - this.#since : 0;
    return this.#maxWaitMs - this.#waitLeftMs + passed;
  }

  /** Begins a wait; gives its end, which may be called twice. */
  wait(): () => void {
    this.#turn(1);
    let open = true;
    return () => {
      if (open) this.#turn(-1);
      open = false;
    };
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #turn(change: 1 | -1): void {
    const now = this.#now();
    if (this.#waits === 0) this.#leftMs -= now - this.#since;
    else this.#waitLeftMs -= now - this.#since;
    this.#since = now;
    this.#waits += change;
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#waits === 0) this.#timer = setTimeout(this.#over, Math.max(0, this.#leftMs));
  }
}
