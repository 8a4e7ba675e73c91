export type Limit = "cpu" | "wall";

export interface Meter {
  /** Put at loop heads and function entries. Throws once a limit was hit, and then at every call. */
  check: () => void;
  /** Said when the program comes back from a real pause (a timer, a call out), so that waiting is not counted. */
  resume: () => void;
  /** The limit that was hit, if one was. */
  stoppedBy: () => Limit | null;
}

/**
 * Counts how long the program computes.
 *
 * The clock is read at every 128th check at most, at every check when the program is slow between them. What it needs
 * is taken before the program runs, so that `Date.now = () => 0` changes nothing. On Cloudflare the clock stands still
 * while code runs; there `limits.cpuMs` of the platform does this work.
 */
export function meter(caps: { cpuMs: number; wallMs: number }, hit: (limit: Limit) => void): Meter {
  const now = Date.now;
  // Made beforehand: there may be no room for it on the stack when it is needed.
  const error = new Error("stopped at a limit");
  const started = now();
  let last = started;
  let busyMs = 0;
  let stride = 1;
  let left = 1;
  let stopped: Error | null = null;
  let by: Limit | null = null;
  const look = () => {
    if (stopped) throw stopped;
    const time = now();
    const passed = time - last;
    last = time;
    busyMs += passed;
    if (passed > 4) stride = 1;
    else if (stride < 128) stride *= 2;
    left = stride;
    by = busyMs > caps.cpuMs ? "cpu" : time - started > caps.wallMs ? "wall" : null;
    if (!by) return;
    left = 0;
    stopped = error;
    // May itself fail on a stack that is full; the end of the program asks `stoppedBy` too.
    hit(by);
    throw stopped;
  };
  return {
    check: () => {
      left -= 1;
      if (left <= 0) look();
    },
    resume: () => {
      last = now();
    },
    stoppedBy: () => by,
  };
}
