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
  log: (text: string) => void;
}

/** Time and the network, passed in so that tests need neither. */
export interface WatchIo {
  fetch(url: string, init: { signal: AbortSignal }): Promise<{ status: number }>;
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
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
 * the last of three bounds; the checks inside programs and the run's own clock come first. State is on disk: a restart
 * loses what was under way, and that goes on by itself.
 */
export function watch(options: WatchOptions, io: WatchIo = realIo): { stop(): void } {
  const { healthUrl, intervalMs, timeoutMs, failures, restart, log } = options;
  const stopped = new AbortController();
  let restarts: number[] = [];

  const answers = async (): Promise<boolean> => {
    const look = new AbortController();
    const onStop = () => look.abort();
    stopped.signal.addEventListener("abort", onStop, { once: true });
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
      stopped.signal.removeEventListener("abort", onStop);
      look.abort();
    }
  };

  const revive = async (): Promise<void> => {
    const now = io.now();
    restarts = restarts.filter((at) => now - at < windowMs);
    if (restarts.length >= maxRestarts) {
      log(
        `The Worker does not answer; it was restarted ${maxRestarts} times in ten minutes, so it is left alone for now.`,
      );
      await io.sleep(windowMs - (now - (restarts[0] ?? now)), stopped.signal);
      return;
    }
    restarts.push(now);
    log(`The Worker has not answered ${failures} times in a row: restarting it.`);
    try {
      await restart();
      log("The Worker is back.");
    } catch (thrown) {
      log(`The restart failed: ${thrown instanceof Error ? thrown.message : "no reason given"}`);
    }
  };

  const run = async (): Promise<void> => {
    let missed = 0;
    for (;;) {
      await io.sleep(intervalMs, stopped.signal);
      const alive = await answers();
      if (stopped.signal.aborted) return;
      missed = alive ? 0 : missed + 1;
      if (missed < failures) continue;
      missed = 0;
      await revive();
    }
  };
  // Its only rejection is the sleep that stop() ends.
  run().catch(() => undefined);
  return { stop: () => stopped.abort() };
}
