const queues = new WeakMap<DurableObjectStorage, Map<string, Promise<unknown>>>();

/**
 * Runs `work` when all earlier work on the same path in this object is over. A person's own files are written by their
 * Kernel alone, so this keeps R2 and the index in step; what comes from outside is caught by the etag.
 */
export async function inTurn<T>(storage: DurableObjectStorage, path: string, work: () => Promise<T>): Promise<T> {
  const waiting = queues.get(storage) ?? new Map<string, Promise<unknown>>();
  queues.set(storage, waiting);
  const before = waiting.get(path);
  const mine = (async () => {
    // Its outcome belongs to whoever asked for it.
    await before?.catch(() => undefined);
    return work();
  })();
  waiting.set(path, mine);
  try {
    return await mine;
  } finally {
    if (waiting.get(path) === mine) waiting.delete(path);
  }
}
