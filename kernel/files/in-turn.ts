import { KernelError } from "../errors.ts";

interface Queue {
  tail: Promise<unknown>;
  length: number;
}
const queues = new WeakMap<DurableObjectStorage, Map<string, Queue>>();
/** Calls on one path at once; far more than a turn makes. */
const maxWaiting = 500;

/**
 * Runs `work` when all earlier work on the same path in this object is over. A person's own files are written by their
 * Kernel alone, so this keeps R2 and the index in step; what comes from outside is caught by the etag.
 */
export async function inTurn<T>(storage: DurableObjectStorage, path: string, work: () => Promise<T>): Promise<T> {
  const paths = queues.get(storage) ?? new Map<string, Queue>();
  queues.set(storage, paths);
  const queue = paths.get(path) ?? { tail: Promise.resolve(), length: 0 };
  if (queue.length >= maxWaiting)
    throw new KernelError(
      "limit.queue",
      `More than ${maxWaiting} calls wait for ${path}. Let some of them end first.`,
      {
        retryable: true,
      },
    );
  paths.set(path, queue);
  const before = queue.tail;
  const mine = before.then(work);
  // How it ended belongs to whoever asked for it, not to who comes next.
  queue.tail = mine.catch(() => undefined);
  queue.length += 1;
  try {
    return await mine;
  } finally {
    queue.length -= 1;
    if (queue.length === 0) paths.delete(path);
  }
}
