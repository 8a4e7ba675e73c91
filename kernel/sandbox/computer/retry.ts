import { isInterrupted, isUnavailable } from "./sdk-errors.ts";

/** Half a second, doubling: the host of a laptop's boxes, killed, is there again within seconds, also on a busy machine. */
const maxUnavailable = 5;
const waitMs = 500;
/** No further try after this: one that hangs until its own timeout is not asked for five times. */
const maxTryingMs = 30_000;

export type Wait = (ms: number) => Promise<void>;
const sleep: Wait = (ms) => scheduler.wait(ms);

/**
 * Does what may be done twice. After a box was destroyed or replaced the first call on the old connection always ends
 * as interrupted: that is tried once more. A box that cannot be had right now is asked for five times, for half a minute at most.
 */
export async function repeatable<T>(work: () => Promise<T>, wait: Wait = sleep, now = Date.now): Promise<T> {
  let interrupted = false;
  const until = now() + maxTryingMs;
  for (let unavailable = 0; ;) {
    try {
      return await work();
    } catch (thrown) {
      if (isInterrupted(thrown) && !interrupted) {
        interrupted = true;
        continue;
      }
      unavailable += 1;
      if (!isUnavailable(thrown) || unavailable >= maxUnavailable || now() > until) throw thrown;
      await wait(waitMs * 2 ** (unavailable - 1));
    }
  }
}
