import { KernelError } from "../../errors.ts";

interface Waiting {
  start(): void;
  /** Tells the place in the line, 1 is next. */
  moved(position: number): void;
}

/** For the refusal: what stands in the line, and which limit says how many may. */
export interface QueueWords {
  what: string;
  limit: string;
}
const programs: QueueWords = { what: "programs", limit: "limits.isolate.maxQueued" };

/** Gives its place back. Safe to call twice. */
export type Release = () => void;

/** A line for a bounded number of places: first come, first served; a line that is full turns people away. */
export class Queue {
  readonly #maxInFlight: number;
  readonly #maxQueued: number;
  readonly #words: QueueWords;
  #inFlight = 0;
  #line: Waiting[] = [];

  constructor(maxInFlight: number, maxQueued: number, words: QueueWords = programs) {
    this.#words = words;
    this.#maxInFlight = maxInFlight;
    this.#maxQueued = maxQueued;
  }

  get inFlight(): number {
    return this.#inFlight;
  }
  get queued(): number {
    return this.#line.length;
  }

  /**
   * A place, at once or when one is free. `onQueued` is told the place in the line whenever it changes.
   * @throws KernelError `limit.queue` when the line is full, `tool.interrupted` when the signal ends the wait.
   */
  enter(signal?: AbortSignal, onQueued?: (position: number) => void): Promise<Release> {
    const { promise, resolve, reject } = Promise.withResolvers<Release>();
    if (signal?.aborted) {
      reject(interrupted());
    } else if (this.#inFlight < this.#maxInFlight) {
      this.#inFlight += 1;
      resolve(this.#release());
    } else if (this.#line.length >= this.#maxQueued) {
      const { what, limit } = this.#words;
      const running = `${this.#maxInFlight} ${what} are running and ${this.#maxQueued} wait`;
      reject(new KernelError("limit.queue", `${running} (${limit}). Try again later.`, { retryable: true }));
    } else {
      const leave = () => {
        this.#line = this.#line.filter((other) => other !== waiting);
        this.#tell();
        reject(interrupted());
      };
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener("abort", leave);
          resolve(this.#release());
        },
        moved: (position) => onQueued?.(position),
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#line.push(waiting);
      waiting.moved(this.#line.length);
    }
    return promise;
  }

  #release(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#line.shift();
      // The place goes straight to the next one, so that a newcomer cannot slip in between.
      if (!next) this.#inFlight -= 1;
      else {
        next.start();
        this.#tell();
      }
    };
  }

  #tell(): void {
    this.#line.forEach((waiting, index) => waiting.moved(index + 1));
  }
}

const interrupted = () => new KernelError("tool.interrupted", "Stopped before it started.");
