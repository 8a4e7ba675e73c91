/** Well below the time after which a box that nobody uses sleeps. */
const renewMs = 60_000;

/** Keeps a box awake while something is open in it: each renewal begins the quiet time anew. */
export class Awake {
  readonly #renew: () => void;
  #open = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(renew: () => void) {
    this.#renew = renew;
  }

  /** Gives what ends it; ending it twice ends it once. */
  begin(): () => void {
    this.#renew();
    this.#open += 1;
    this.#timer ??= setInterval(this.#renew, renewMs);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#open -= 1;
      this.#renew();
      if (this.#open > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  }
}
