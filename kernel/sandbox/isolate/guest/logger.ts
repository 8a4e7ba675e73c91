export interface Logger {
  write: (line: string) => void;
  /** Settles when every line written so far has arrived. */
  drained(): Promise<void>;
}

/**
 * Sends lines on while the program runs: the first at once, what comes meanwhile together with the next.
 * Past its caps it keeps quiet, so that a flood costs nothing; one more line than the cap is let through, which tells
 * the other side that something was cut.
 */
export function logger(
  send: (lines: string[]) => Promise<unknown>,
  caps: { maxLogLines: number; maxLogChars: number },
): Logger {
  let waiting: string[] = [];
  let lines = 0;
  let chars = 0;
  let sending: Promise<void> | null = null;
  // Made before the program can put a Promise of its own in place.
  const soon = Promise.resolve();
  const pump = async () => {
    await soon;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await send(batch);
      } catch {
        // Nobody listens any more: the run is over.
      }
    }
    sending = null;
  };
  return {
    write: (line) => {
      if (lines > caps.maxLogLines || chars > caps.maxLogChars) return;
      lines += 1;
      chars += line.length;
      waiting.push(line.length > caps.maxLogChars ? line.slice(0, caps.maxLogChars + 1) : line);
      sending ??= pump();
    },
    drained: async () => {
      if (sending) await sending;
    },
  };
}
