import type { KernelError } from "./errors.ts";

/** What `work` gives, or `late()` when it takes longer than `ms`: then its signal tells it to stop, and nobody waits. */
export async function inTime<T>(
  ms: number,
  late: () => KernelError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = late();
    controller.abort(error);
    reject(error);
  }, ms);
  try {
    return await Promise.race([work(controller.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}
