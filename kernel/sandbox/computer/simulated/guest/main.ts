import type { FilesCallFn, ShellOrder, ShellReply } from "../order.ts";
import { type Ended, type ShellClock, shellClock } from "./clock.ts";

type RunShell = (order: ShellOrder, call: FilesCallFn, signal: AbortSignal) => Promise<ShellReply>;

/** After a bound was reached: what the shell still may compute to come to an end and to save. */
const graceMs = 1_000;

let clock: ShellClock | null = null;

/** Timers tell the clock that the shell paused. Done before the shell is loaded, which keeps its own `setTimeout`. */
const nativeTimeout = globalThis.setTimeout;
globalThis.setTimeout = ((work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
  nativeTimeout(() => {
    clock?.resume();
    work(...args);
  }, ms)) as typeof setTimeout;

/**
 * Runs one order. The shell's code calls what `setCheck` was given at every loop and function; nothing in here does, so
 * that an end can be told.
 */
export async function runOrder(
  runShell: RunShell,
  setCheck: (check: () => void) => void,
  order: ShellOrder,
  files: FilesCallFn,
  stopped: () => Promise<void>,
): Promise<ShellReply> {
  const { promise: over, resolve: end } = Promise.withResolvers<ShellReply>();
  const stop = new AbortController();
  let why: Ended | null = null;
  const ask = (limit: Ended) => {
    why ??= limit;
    stop.abort();
  };
  const caps = { cpuMs: order.caps.cpuMs, wallMs: order.timeoutMs, graceMs };
  const own = shellClock(caps, ask, (limit) => end({ end: "limit", limit }));
  clock = own;
  setCheck(own.check);
  const timer = nativeTimeout(() => ask("wall"), order.timeoutMs);
  void stopped().then(
    () => stop.abort(),
    () => undefined,
  );
  const call: FilesCallFn = async (...args) => {
    try {
      return await files(...args);
    } finally {
      own.resume();
    }
  };
  runShell(order, call, stop.signal).then(end, (thrown: unknown) =>
    end({ end: "failed", message: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "it failed" }),
  );
  const reply = await over;
  clearTimeout(timer);
  setCheck(() => undefined);
  clock = null;
  if (reply.end !== "done" || why === null) return reply;
  const seconds = `${Math.round(order.timeoutMs / 100) / 10} s`;
  const words =
    why === "wall"
      ? `ended after ${seconds}`
      : `ended after ${order.caps.cpuMs / 1000} s of computing (limits.computer.simulated.cpuMs)`;
  // just-bash gives no output of what it aborts.
  const lost = reply.stdout === "" ? "; its output up to then is lost, its files are kept" : "";
  return { ...reply, limits: [`${words}${lost}`, ...reply.limits] };
}
