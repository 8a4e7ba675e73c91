import { breathe } from "./breathe.ts";
import { KernelError } from "./errors.ts";
import { limits } from "./limits.ts";

/** What handling so many bytes costs, in milliseconds of work. */
export const bytesMs = (bytes: number): number => bytes / limits.work.bytesPerMs;

/**
 * What a Kernel does for one call of a tool, counted by what is handled and not by the clock, which stands still on
 * Cloudflare while code runs: so the same call costs the same everywhere. Each slice ends with a pause in which others
 * get their turn; past its budget nothing more is done. What is done for a call within another counts for both.
 */
export class Work {
  #spentMs = 0;
  /** One for all that belongs together: four calls at once have no longer slices than one. */
  readonly #slice: { ms: number };
  #budgetMs: number;
  #over: (() => void) | null = null;
  readonly #parent: Work | null;
  readonly #pause: () => Promise<void>;

  constructor(options: { parent?: Work | null; budgetMs?: number; pause?: () => Promise<void> } = {}) {
    this.#parent = options.parent ?? null;
    this.#slice = this.#parent ? this.#parent.#slice : { ms: 0 };
    this.#budgetMs = options.budgetMs ?? limits.work.maxCallMs;
    this.#pause = options.pause ?? breathe;
  }

  get spentMs(): number {
    return this.#spentMs;
  }

  /**
   * From now on so much more at the most; `over` is told when that is used up. Gives what takes this bound away again,
   * with what was spent under it.
   */
  limit(budgetMs: number, over: () => void): () => number {
    const from = this.#spentMs;
    const before = this.#budgetMs;
    this.#budgetMs = Math.min(before, from + budgetMs);
    this.#over = over;
    return () => {
      const spent = this.#spentMs - from;
      this.#budgetMs = before + spent;
      this.#over = null;
      return spent;
    };
  }

  /**
   * Counts work that was done, or is about to be; ends a slice when it is used up.
   * @throws KernelError `limit.cpu` when the budget is used up.
   */
  async spend(ms: number): Promise<void> {
    this.#count(ms);
    this.#slice.ms += ms;
    if (this.#slice.ms < limits.work.sliceMs) return;
    this.#slice.ms = 0;
    await this.#pause();
    // What others did meanwhile may have used up what was left.
    this.#count(0);
  }

  #count(ms: number): void {
    if (this.#parent) this.#parent.#count(ms);
    this.#spentMs += ms;
    if (this.#spentMs <= this.#budgetMs) return;
    this.#over?.();
    throw new KernelError(
      "limit.cpu",
      `What this has Deckhand do for it took more than ${Math.round(this.#budgetMs)} ms of computing (${this.#over ? "limits.isolate.cpuMs" : "limits.work.maxCallMs"}): fewer or smaller calls are needed.`,
    );
  }
}
