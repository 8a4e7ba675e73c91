/** An open connection; `closed` resolves when it has ended, for whatever reason. */
export interface Connection {
  closed: Promise<void>;
}

export interface LoopOptions {
  /** Opens a connection; rejects when that does not work. */
  open: () => Promise<Connection>;
  /** What no further try would mend. */
  isFatal: (thrown: unknown) => boolean;
  wait: (ms: number) => Promise<void>;
  now: () => number;
  /** Told of each failed try. */
  failed: (thrown: unknown, waitMs: number) => void;
  signal: AbortSignal;
}

const firstMs = 1_000;
const maxMs = 30_000;

/**
 * Keeps a connection open: at once again after it was closed, with growing pauses up to half a minute while it cannot be
 * opened. Ends when it is told to; rejects with what is fatal.
 */
export async function stayConnected({ open, isFatal, wait, now, failed, signal }: LoopOptions): Promise<void> {
  let pauseMs = firstMs;
  while (!signal.aborted) {
    try {
      const { closed } = await open();
      const openedAt = now();
      await closed;
      // One that is closed as soon as it is open is as good as none.
      if (now() - openedAt > firstMs) pauseMs = firstMs;
      else if (!signal.aborted) {
        await wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, maxMs);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (isFatal(thrown)) throw thrown;
      failed(thrown, pauseMs);
      await wait(pauseMs);
      pauseMs = Math.min(pauseMs * 2, maxMs);
    }
  }
}
