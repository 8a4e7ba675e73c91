/** Runs something soon after it was asked for, once for all that asked meanwhile. */
export class Soon {
  readonly #run: () => void;
  readonly #waitMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(run: () => void, waitMs: number) {
    this.#run = run;
    this.#waitMs = waitMs;
  }

  ask(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, this.#waitMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
