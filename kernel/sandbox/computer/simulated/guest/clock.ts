export type Ended = "cpu" | "wall";

export interface ShellClock {
  /** Put at loop heads and function entries of the shell. Throws once the grace is over, and then at every call. */
  check: () => void;
  /** Said when the shell comes back from a pause (a timer, a call out), so that waiting is not counted. */
  resume: () => void;
}

/**
 * Counts how long the shell computes and how long it has taken in all. At a bound it is asked to stop, so that what it
 * has done is kept; what does not stop within the grace is thrown out of wherever it is.
 *
 * On Cloudflare the clock stands still while code runs; there `limits.cpuMs` of the platform ends it.
 */
export function shellClock(
  caps: { cpuMs: number; wallMs: number; graceMs: number },
  ask: (limit: Ended) => void,
  end: (limit: Ended) => void,
): ShellClock {
  const started = Date.now();
  const error = new Error("stopped at a limit");
  let last = started;
  let busyMs = 0;
  let stride = 1;
  let left = 1;
  let asked: { limit: Ended; busyMs: number; at: number } | null = null;
  let over = false;
  const look = () => {
    if (over) throw error;
    const now = Date.now();
    const passed = now - last;
    busyMs += passed;
    last = now;
    // Often enough when there is much between two checks, seldom when there is little.
    if (passed > 4) stride = 1;
    else if (stride < 128) stride *= 2;
    left = stride;
    if (asked === null) {
      const limit = busyMs > caps.cpuMs ? "cpu" : now - started > caps.wallMs ? "wall" : null;
      if (limit === null) return;
      asked = { limit, busyMs, at: now };
      ask(limit);
    } else if (busyMs - asked.busyMs > caps.graceMs) {
      over = true;
      left = 0;
      end(asked.limit);
      throw error;
    }
  };
  return {
    check: () => {
      left -= 1;
      if (left <= 0) look();
    },
    resume: () => {
      last = Date.now();
    },
  };
}
