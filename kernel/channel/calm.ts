import type { Clock } from "../clock.ts";

export interface CalmOptions {
  now: Clock;
  wait: (ms: number) => Promise<void>;
  /** A pause of this length is asked for … */
  pauseMs: number;
  /** … and one that came this much too late says that others had the thread. */
  maxLagMs: number;
  /** After this it goes on all the same. */
  maxHoldMs: number;
}

/**
 * Waits until the isolate keeps up. Its objects share one thread: while turns use it up, an acknowledgement stands
 * behind them, and the platform gives up after three seconds. A turn can wait; so nothing new is begun until a short
 * pause ends when it should.
 */
export async function calm({ now, wait, pauseMs, maxLagMs, maxHoldMs }: CalmOptions): Promise<void> {
  const until = now() + maxHoldMs;
  for (;;) {
    const began = now();
    await wait(pauseMs);
    const ended = now();
    if (ended - began - pauseMs <= maxLagMs || ended >= until) return;
  }
}
