import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shellClock } from "./clock.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
afterEach(() => void vi.useRealTimers());

const start = () => {
  const told: string[] = [];
  const clock = shellClock({ cpuMs: 100, wallMs: 1_000, graceMs: 50 }, (limit) => told.push(`ask ${limit}`), (limit) => told.push(`end ${limit}`)); // oxfmt-ignore
  const compute = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      vi.advanceTimersByTime(10);
      clock.check();
    }
  };
  clock.check();
  return { clock, told, compute };
};

it("computing over its limit is asked to stop once, and thrown out after the grace, then at every call", () => {
  const { clock, told, compute } = start();
  compute(100);
  expect(told).toEqual([]);
  compute(40);
  expect(told).toEqual(["ask cpu"]);
  expect(() => compute(100)).toThrow("stopped at a limit");
  expect(told).toEqual(["ask cpu", "end cpu"]);
  expect(() => clock.check()).toThrow();
  expect(told).toHaveLength(2);
});

it("waiting is not counted as computing, but in the whole", () => {
  const { clock, told, compute } = start();
  vi.advanceTimersByTime(900);
  clock.resume();
  compute(40);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(100);
  clock.resume();
  compute(10);
  expect(told).toEqual(["ask wall"]);
});
