import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awake } from "./awake.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("C4 a box stays awake while something is open in it, and not longer", () => {
  const renew = vi.fn();
  const awake = new Awake(renew);
  const [first, second] = [awake.begin(), awake.begin()];
  expect(renew).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5 * 60_000);
  expect(renew).toHaveBeenCalledTimes(7);
  first();
  first();
  vi.advanceTimersByTime(60_000);
  expect(renew).toHaveBeenCalledTimes(9);
  second();
  expect(renew).toHaveBeenCalledTimes(10);
  vi.advanceTimersByTime(60 * 60_000);
  expect(renew).toHaveBeenCalledTimes(10);
  expect(vi.getTimerCount()).toBe(0);
});
