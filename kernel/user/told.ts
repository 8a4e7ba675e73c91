import type { ThreadEvent } from "../events/types.ts";
import { limits } from "../limits.ts";

export type Hear = (line: string, events: ThreadEvent[]) => Promise<void>;

/** What a call tells its Thread while it runs. */
export class Told {
  readonly #hear: Hear;
  readonly #onItsWay = new Set<Promise<void>>();
  readonly #unheard: ThreadEvent[] = [];

  constructor(hear: Hear) {
    this.#hear = hear;
  }

  tell(line: string, events: ThreadEvent[]): void {
    // The Thread may be gone; what it does not hear it reads in the result.
    const one = this.#hear(line, events).catch(() => void this.#unheard.push(...events));
    this.#onItsWay.add(one);
    void one.then(() => this.#onItsWay.delete(one));
  }

  /**
   * Waits until all of it has arrived, so that nothing comes after the result and is shown below it; a Thread that does
   * not answer is not waited for. Gives what was not heard.
   */
  async settled(maxMs: number = limits.turn.maxHearMs): Promise<ThreadEvent[]> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, maxMs);
    await Promise.race([Promise.all(this.#onItsWay), late.promise]);
    clearTimeout(timer);
    return [...this.#unheard];
  }
}
