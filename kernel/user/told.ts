import type { ThreadEvent } from "../events/types.ts";
import { limits } from "../limits.ts";

/** Hears a line and events; the events are numbered from `first` among all that the call tells. */
export type Hear = (line: string, events: ThreadEvent[], first: number) => Promise<void>;

export interface Numbered {
  n: number;
  event: ThreadEvent;
}

/** What a call tells its Thread while it runs. */
export class Told {
  #hear: Hear;
  readonly #onItsWay = new Set<Promise<void>>();
  readonly #unheard: Numbered[] = [];
  #count = 0;

  constructor(hear: Hear) {
    this.#hear = hear;
  }

  /** Who asked for the call has asked again: from now on it is told there. */
  hearAgain(hear: Hear): void {
    this.#hear = hear;
  }

  tell(line: string, events: ThreadEvent[]): void {
    const numbered = this.number(events);
    // The Thread may be gone; what it does not hear it reads in the result.
    const one = this.#hear(line, events, numbered[0]?.n ?? this.#count).catch(
      () => void this.#unheard.push(...numbered),
    );
    this.#onItsWay.add(one);
    void one.then(() => this.#onItsWay.delete(one));
  }

  /** Gives each of a call's events its number. */
  number(events: ThreadEvent[]): Numbered[] {
    return events.map((event) => ({ n: this.#count++, event }));
  }

  /**
   * Waits until all of it has arrived, so that nothing comes after the result and is shown below it; a Thread that does
   * not answer is not waited for. Gives what was not heard.
   */
  async settled(maxMs: number = limits.turn.maxHearMs): Promise<Numbered[]> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, maxMs);
    await Promise.race([Promise.all(this.#onItsWay), late.promise]);
    clearTimeout(timer);
    return [...this.#unheard];
  }
}
