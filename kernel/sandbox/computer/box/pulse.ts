import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";

export interface PulseDeps {
  /** Settles as soon as the box says anything at all, be it that it is gone. */
  ping(): Promise<unknown>;
  /** How many pings in a row may stay without an answer: more while it starts. */
  mayMiss(): number;
  /** Ends the box that answers nothing; says in a sentence what is left of it. */
  end(): Promise<string>;
  everyMs?: number;
}

/**
 * Listens whether a box still answers, for as long as something is asked of it. A program in it can stop the one that
 * serves it (`kill -STOP`), and then nothing ends and nothing fails: each call would wait for ever. A box that stays
 * silent is ended, which also ends what is stopped; whoever waits is told, and the next call starts it anew.
 */
export class Pulse {
  readonly #deps: PulseDeps;
  readonly #everyMs: number;
  readonly #waiting = new Set<(stuck: KernelError) => void>();
  #quiet = new AbortController();
  /** While a stuck box is being ended: what those who wait will be told. */
  #ending: Promise<KernelError> | null = null;

  constructor(deps: PulseDeps) {
    this.#deps = deps;
    this.#everyMs = deps.everyMs ?? limits.computer.pingMs;
  }

  /** Runs a call of the box. @throws KernelError computer.interrupted when the box is found to answer nothing */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const { promise: stuck, reject } = Promise.withResolvers<never>();
    // Nobody may be there any more to hear it.
    stuck.catch(() => undefined);
    if (this.#waiting.size === 0) {
      this.#quiet = new AbortController();
      void this.#beat(this.#quiet.signal);
    }
    this.#waiting.add(reject);
    try {
      return await Promise.race([work(), stuck]);
    } catch (thrown) {
      // A call breaks as its box is ended; why it was is the better reason.
      throw (await this.#ending) ?? thrown;
    } finally {
      this.#waiting.delete(reject);
      if (this.#waiting.size === 0) this.#quiet.abort();
    }
  }

  /** Until nobody waits any more. */
  async #beat(quiet: AbortSignal): Promise<void> {
    let missed = 0;
    await this.#pause(quiet);
    while (!quiet.aborted) {
      const answered = await Promise.race([settled(this.#deps.ping()), this.#pause(quiet)]);
      if (quiet.aborted) return;
      missed = answered ? 0 : missed + 1;
      if (missed >= this.#deps.mayMiss()) {
        await this.#stuck(quiet);
        missed = 0;
      }
      if (answered) await this.#pause(quiet);
    }
  }

  async #stuck(quiet: AbortSignal): Promise<void> {
    this.#ending = this.#end(quiet);
    const waiting = [...this.#waiting];
    const error = await this.#ending;
    this.#ending = null;
    for (const tell of waiting) tell(error);
  }

  async #end(quiet: AbortSignal): Promise<KernelError> {
    const left = await Promise.race([this.#deps.end().catch(() => null), this.#pause(quiet)]);
    return new KernelError(
      "computer.interrupted",
      `The computer answered nothing any more: something in it has stopped the program that serves it. ${left || "It could not be ended either."} Look before you try again.`,
    );
  }

  /** Until the next look, or until nobody waits any more. */
  #pause(quiet: AbortSignal): Promise<false> {
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        quiet.removeEventListener("abort", end);
        done(false);
      };
      const timer = setTimeout(end, this.#everyMs);
      quiet.addEventListener("abort", end);
    });
  }
}

const settled = (ping: Promise<unknown>): Promise<true> =>
  ping.then(
    () => true,
    () => true,
  );
