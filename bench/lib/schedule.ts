/** When each of `seconds * perSecond` events is due, in milliseconds from the start: evenly, so that a run can be repeated. */
export function due(perSecond: number, seconds: number): number[] {
  const count = Math.floor(perSecond * seconds);
  return Array.from({ length: count }, (_, index) => (index * 1000) / perSecond);
}

export interface Planned<T> {
  atMs: number;
  what: T;
}

/** Several streams of events as one, in the order in which they are due. */
export function planned<T>(...streams: readonly Planned<T>[][]): Planned<T>[] {
  return streams.flat().toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * Starts each when it is due, whatever became of those before: a slow answer makes no pause in the load. Ends when all
 * have ended.
 */
export async function play<T>(plan: readonly Planned<T>[], start: (what: T) => Promise<void>): Promise<void> {
  const began = performance.now();
  const running: Promise<void>[] = [];
  for (const { atMs, what } of plan) {
    const waitMs = began + atMs - performance.now();
    if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    running.push(start(what));
  }
  await Promise.all(running);
}
