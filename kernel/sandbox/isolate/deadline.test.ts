import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Deadline } from "./deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const start = () => {
  const over = vi.fn();
  return { over, deadline: new Deadline(1000, 5000, over, () => Date.now()) };
};

it("ends after its time", () => {
  const { over } = start();
  vi.advanceTimersByTime(999);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(over).toHaveBeenCalledOnce();
});

it("stands still while a person is waited for, however many waits there are at once", () => {
  const { over, deadline } = start();
  vi.advanceTimersByTime(400);
  const first = deadline.wait();
  vi.advanceTimersByTime(2000);
  const second = deadline.wait();
  first();
  first();
  vi.advanceTimersByTime(2000);
  expect(deadline.waitLeftMs).toBe(1000);
  expect(deadline.waitedMs).toBe(4000);
  second();
  vi.advanceTimersByTime(599);
  expect(over).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(over).toHaveBeenCalledOnce();
  expect(deadline.waitLeftMs).toBe(1000);
});

it("tells when nothing is left for waits", () => {
  const { deadline } = start();
  deadline.wait();
  vi.advanceTimersByTime(6000);
  expect(deadline.waitLeftMs).toBe(0);
});

it("a closed one never ends", () => {
  const { over, deadline } = start();
  deadline.close();
  vi.advanceTimersByTime(5000);
  expect(over).not.toHaveBeenCalled();
});
