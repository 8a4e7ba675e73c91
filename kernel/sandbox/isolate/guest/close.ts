/**
 * Puts the program's world in order: what is closed says so, and timers tell the meter that the program paused.
 * The isolate has no network whatever this does; these are the words for it.
 */
export function closeWorld(
  world: Record<string, unknown>,
  meter: { resume(): void },
  fail: (code: string, message: string) => Error,
  crashed: (thrown: unknown) => void,
): void {
  const put = (name: string, value: unknown) =>
    Object.defineProperty(world, name, { value, writable: true, configurable: true, enumerable: false });

  const refused = (name: string, why: string) => {
    const message = `${name} is refused: ${why}`;
    // A function and not an arrow: `new WebSocket()` must get the sentence too.
    put(name, function refuse() {
      throw fail("code.refused", message);
    });
  };
  for (const name of ["fetch", "WebSocket", "WebSocketPair", "EventSource", "XMLHttpRequest", "connect"])
    refused(name, "code here has no network");
  refused("require", "code here has no modules");
  refused("importScripts", "code here has no modules");
  put("eval", () => {
    throw fail("code.refused", "eval is refused: code cannot be made from text here");
  });
  put("caches", undefined);
  // Nothing can be compiled here anyway; its memories would be the only buffers that nobody counts.
  put("WebAssembly", undefined);
  put("navigator", undefined);
  const nextTick = (fn: (...args: unknown[]) => void, ...args: unknown[]) => queueMicrotask(() => fn(...args));
  put("process", Object.freeze({ env: Object.freeze({}), argv: [], platform: "deckhand", nextTick }));

  const timer =
    (set: (fn: () => void, ms?: number) => unknown) =>
    (fn: unknown, ms?: number, ...args: unknown[]) => {
      if (typeof fn !== "function") throw new TypeError("a timer takes a function");
      return set(() => {
        meter.resume();
        try {
          fn(...args);
        } catch (thrown) {
          crashed(thrown);
        }
      }, ms);
    };
  const setTimeoutHere = setTimeout as unknown as (fn: () => void, ms?: number) => unknown;
  const setIntervalHere = setInterval as unknown as (fn: () => void, ms?: number) => unknown;
  put("setTimeout", timer(setTimeoutHere));
  put("setInterval", timer(setIntervalHere));
  put("setImmediate", (fn: unknown, ...args: unknown[]) => timer(setTimeoutHere)(fn, 0, ...args));
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeoutHere(() => {
        meter.resume();
        resolve();
      }, ms);
    });
  put("scheduler", Object.freeze({ wait: pause }));
}
