import { setTimeout as sleep } from "node:timers/promises";

/** At most this many restarts in any ten minutes: a Worker that does not come up is not helped by more of them. */
const maxRestarts = 5;
const windowMs = 10 * 60 * 1000;

export interface WatchOptions {
  healthUrl: string;
  /** Pause between two looks. */
  intervalMs: number;
  /** How long one look waits for an answer. */
  timeoutMs: number;
  /** So many looks in a row without an answer, and it is restarted. */
  failures: number;
  /** Ends the Worker and starts it again, on the same port. */
  restart: () => Promise<void>;
  /** After a process of it has ended: whether it has come back by itself. */
  recover?: () => Promise<boolean>;
  /** Told when it is known to be away, and when it answers again. */
  onAway?: (away: boolean) => void;
  log: (text: string) => void;
}

/** Time and the network, passed in so that tests need neither. */
export interface WatchIo {
  fetch(url: string, init: { signal: AbortSignal }): Promise<{ status: number }>;
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
}

export interface Watchdog {
  /** A process of the Worker has ended: nobody waits for the next look. */
  ended(): void;
  stop(): void;
}

const realIo: WatchIo = {
  fetch: async (url, init) => {
    const response = await fetch(url, init);
    // Read to its end: an answer that never ends is none, and an unread one holds its connection.
    await response.arrayBuffer();
    return response;
  },
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
};

/**
 * Looks at the Worker's health, and restarts it when it no longer answers: locally a program in an isolate shares its
 * thread with the whole Worker, and one long built-in call (a regular expression, a sort) can hold it for good. It is
 * the last of three bounds; the checks inside programs and the run's own clock come first. A process that ends is
 * noticed at once. State is on disk: a restart loses what was under way, and that goes on by itself.
 */
export function watch(options: WatchOptions, io: WatchIo = realIo): Watchdog {
  const { healthUrl, intervalMs, timeoutMs, failures, restart, recover, log } = options;
  const stopped = new AbortController();
  let restarts: number[] = [];
  let leftAlone = false;
  let away = false;
  let hasEnded = false;
  /** Cuts the pause or the look that is under way. */
  let hurry = new AbortController();

  const setAway = (next: boolean): void => {
    if (away === next || stopped.signal.aborted) return;
    away = next;
    options.onAway?.(next);
    if (!next) log("The Worker is back.");
  };

  const answers = async (): Promise<boolean> => {
    const look = new AbortController();
    const cut = AbortSignal.any([stopped.signal, hurry.signal]);
    const onCut = () => look.abort();
    cut.addEventListener("abort", onCut, { once: true });
    // Not AbortSignal.timeout, which would keep its own time.
    const timeout = io.sleep(timeoutMs, look.signal).then(
      () => false,
      () => false,
    );
    const answer = io.fetch(healthUrl, { signal: look.signal }).then(
      ({ status }) => status < 500,
      () => false,
    );
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      cut.removeEventListener("abort", onCut);
      look.abort();
    }
  };

  const revive = async (why: string): Promise<void> => {
    const now = io.now();
    restarts = restarts.filter((at) => now - at < windowMs);
    if (restarts.length >= maxRestarts) {
      if (!leftAlone)
        log(
          `The Worker does not answer; it was restarted ${maxRestarts} times in ten minutes, so it is left alone for now.`,
        );
      leftAlone = true;
      return;
    }
    leftAlone = false;
    restarts.push(now);
    log(`${why}: restarting it.`);
    setAway(true);
    try {
      await restart();
      setAway(false);
    } catch (thrown) {
      log(`The restart failed: ${thrown instanceof Error ? thrown.message : "no reason given"}`);
    }
  };

  /** What one end has set going is waited for; a second end meanwhile begins it again. */
  const comesBack = async (): Promise<boolean> => {
    let back = false;
    while (hasEnded && !stopped.signal.aborted) {
      hasEnded = false;
      back = (await recover?.().catch(() => false)) ?? false;
    }
    return back;
  };

  const run = async (): Promise<void> => {
    let missed = 0;
    for (;;) {
      hurry = new AbortController();
      if (!hasEnded) {
        const pause = io.sleep(intervalMs, AbortSignal.any([stopped.signal, hurry.signal]));
        await pause.catch(() => undefined);
      }
      const gone = hasEnded;
      const alive = gone ? await comesBack() : await answers();
      if (stopped.signal.aborted) return;
      // It has ended while it was looked at.
      if (hasEnded) continue;
      missed = alive ? 0 : missed + 1;
      if (alive) setAway(false);
      else if (gone) await revive("The Worker has not come back");
      else if (missed >= failures) {
        missed = 0;
        await revive(`The Worker has not answered ${failures} times in a row`);
      }
    }
  };
  void run();
  return {
    ended() {
      if (stopped.signal.aborted) return;
      hasEnded = true;
      if (!away) log("The Worker's process has ended: it is started again.");
      setAway(true);
      hurry.abort();
    },
    stop: () => stopped.abort(),
  };
}
