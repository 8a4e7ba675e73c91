import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommandClock } from "./command-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a command's time runs out, and stands still while a person is asked", () => {
  const clock = new CommandClock(1000);
  vi.advanceTimersByTime(600);
  clock.hold();
  clock.hold();
  vi.advanceTimersByTime(600_000);
  clock.release();
  vi.advanceTimersByTime(600_000);
  expect(clock.signal.aborted).toBe(false);
  clock.release();
  vi.advanceTimersByTime(399);
  expect(clock.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(clock.signal.aborted).toBe(true);
});

test("a release without a hold, and a hold after the end, change nothing", () => {
  const clock = new CommandClock(1000);
  clock.release();
  vi.advanceTimersByTime(1000);
  clock.hold();
  clock.release();
  expect(clock.signal.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test("one that is stopped never ends anything", () => {
  const clock = new CommandClock(1000);
  clock.stop();
  vi.advanceTimersByTime(5000);
  expect(clock.signal.aborted).toBe(false);
});
