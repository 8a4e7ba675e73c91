import { expect, test } from "vitest";
import { KernelError } from "./errors.ts";
import { inTime } from "./in-time.ts";

const late = () => new KernelError("limit.wall", "too late");

test("what never ends is given up at its time, and told why", async () => {
  let told: unknown = null;
  const never = (signal: AbortSignal) =>
    new Promise<never>(() => signal.addEventListener("abort", () => (told = signal.reason)));
  await expect(inTime(1, late, never)).rejects.toMatchObject({ code: "limit.wall" });
  expect(told).toMatchObject({ userMessage: "too late" });
});

test("what ends in its time is given as it is, also its own error, and is told nothing", async () => {
  const signals: AbortSignal[] = [];
  const keeps = (signal: AbortSignal) => void signals.push(signal);
  expect(await inTime(60_000, late, async (signal) => (keeps(signal), 7))).toBe(7);
  await expect(inTime(60_000, late, async () => Promise.reject(new Error("its own")))).rejects.toThrow("its own");
  expect(signals.map((one) => one.aborted)).toEqual([false]);
});
