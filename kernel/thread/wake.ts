import type { Clock } from "../clock.ts";
import { log } from "../log.ts";

/**
 * The object's one alarm. What is to be done at its time is read off the rows then, so it only has to come early enough:
 * a later time never replaces an earlier one.
 */
export class Wake {
  readonly #storage: Pick<DurableObjectStorage, "setAlarm">;
  readonly #now: Clock;
  #armedAt: number | null = null;

  constructor(storage: Pick<DurableObjectStorage, "setAlarm">, now: Clock) {
    this.#storage = storage;
    this.#now = now;
  }

  /** Is on disk together with what is written beside it. */
  by(at: number): void {
    if (this.#armedAt !== null && this.#armedAt <= at) return;
    this.#armedAt = at;
    this.#storage.setAlarm(at).catch((thrown: unknown) => log.error("thread: an alarm could not be set", { thrown }));
  }

  within(ms: number): void {
    this.by(this.#now() + ms);
  }

  fired(): void {
    this.#armedAt = null;
  }
}
