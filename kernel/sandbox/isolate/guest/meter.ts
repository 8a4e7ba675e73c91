export type Limit = "cpu" | "wall" | "memory";

export interface Meter {
  /** Put at loop heads and function entries. Throws once a limit was hit, and then at every call. */
  check: () => void;
  /** Said when the program comes back from a real pause (a timer, a call out), so that waiting is not counted. */
  resume: () => void;
  /**
   * Said before a call that may wait for a person; what it gives is told, once, how long it did. Meanwhile time in all is
   * counted outside, where that is known.
   */
  leave: () => (waitedMs: number) => void;
  /** Said with every answer: what was done outside for this program in all, which is its computing too. */
  charge: (workMs: number) => void;
  /** Stops the program from the next check on, for a limit that was noticed elsewhere. Gives the error to throw at once. */
  stop: (limit: Limit) => Error;
  /** The limit that was hit, if one was. */
  stoppedBy: () => Limit | null;
}

/**
 * Counts how long the program computes, and how long it takes in all. The other side counts the latter too; but only
 * the program itself can end its timers.
 *
 * The clock is read at every 128th check at most, at every check when the program is slow between them. What it needs
 * is taken before the program runs, so that `Date.now = () => 0` changes nothing. On Cloudflare the clock stands still
 * while code runs; there `limits.cpuMs` of the platform does this work.
 */
export function meter(caps: { cpuMs: number; wallMs: number }, hit: (limit: Limit) => void): Meter {
  const now = Date.now;
  // Made beforehand: there may be no room for it on the stack when it is needed.
  const error = new Error("stopped at a limit");
  let started = now();
  let last = started;
  let outside = 0;
  let busyMs = 0;
  let workMs = 0;
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
    const late = outside === 0 && time - started > caps.wallMs;
    if (busyMs + workMs <= caps.cpuMs && !late) return;
    // Written down here and not by a function: on a stack that is full there may be no room to call one.
    by ??= busyMs + workMs > caps.cpuMs ? "cpu" : "wall";
    left = 0;
    stopped = error;
    // May itself fail on such a stack; the end of the program asks `stoppedBy` too.
    hit(by);
    throw stopped;
  };
  const stop = (limit: Limit): Error => {
    by ??= limit;
    left = 0;
    stopped = error;
    hit(by);
    return error;
  };
  return {
    check: () => {
      left -= 1;
      if (left <= 0) look();
    },
    resume: () => {
      last = now();
    },
    leave: () => {
      outside += 1;
      return (waitedMs) => {
        outside -= 1;
        started += waitedMs;
        last = now();
      };
    },
    charge: (all) => {
      if (all > workMs) workMs = all;
    },
    stop,
    stoppedBy: () => by,
  };
}
