import { z } from "zod";

/** A rate that a platform allows: `burst` at once, then `perMinute` evenly. */
export const Rate = z.object({
  perMinute: z.number().positive().max(10_000),
  burst: z.number().int().positive().max(1_000),
  /** A caller that would have to wait longer than this is told so and gets no place. */
  maxWaitMs: z.number().nonnegative().max(600_000),
  /** The place was given before and its time has come: may the call be made now? Where nothing may burst. */
  claim: z.boolean().optional(),
});
export type Rate = z.infer<typeof Rate>;

export type Permit = { granted: true; waitMs: number } | { granted: false; waitMs: number };

/** Names are few: an adapter's methods. What comes beyond is somebody's mistake. */
const maxNames = 64;

/**
 * The posting clock: who asks gets a place in the row and is told how long to wait for it (the generic cell rate
 * algorithm: one number a name, the time at which everything asked for so far has been worked off). In memory only: after a
 * restart there has been a pause anyway.
 */
export class Pace {
  #workedOffAt = new Map<string, number>();
  #claimedAt = new Map<string, number>();

  ask(name: string, rate: Rate, now: number): Permit {
    if (rate.claim) return this.#claim(name, rate, now);
    if (!this.#workedOffAt.has(name) && this.#workedOffAt.size >= maxNames) this.#workedOffAt.clear();
    const cellMs = 60_000 / rate.perMinute;
    const from = Math.max(now, this.#workedOffAt.get(name) ?? now);
    const waitMs = Math.max(0, Math.ceil(from - now - (rate.burst - 1) * cellMs));
    if (waitMs > rate.maxWaitMs) return { granted: false, waitMs };
    this.#workedOffAt.set(name, from + cellMs);
    return { granted: true, waitMs };
  }

  /** Waits that end late end together: who comes right behind another waits once more. */
  #claim(name: string, { perMinute }: Rate, now: number): Permit {
    const waitMs = Math.ceil((this.#claimedAt.get(name) ?? 0) + 60_000 / perMinute - now);
    if (waitMs > 0) return { granted: true, waitMs };
    if (this.#claimedAt.size >= maxNames) this.#claimedAt.clear();
    this.#claimedAt.set(name, now);
    return { granted: true, waitMs: 0 };
  }
}
