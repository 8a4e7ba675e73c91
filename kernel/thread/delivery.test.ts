import { describe, expect, test } from "vitest";
import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";
import { retryOf } from "./delivery.ts";

const error = (
  code: "platform.rate_limited" | "platform.unreachable" | "platform.refused",
  retryable: boolean,
  retryAfterMs?: number,
) => new KernelError(code, "…", { retryable, retryAfterMs });

describe("what is done when the platform did not take a batch", () => {
  test("what it asks for is waited for, within the bound", () => {
    expect(retryOf(error("platform.rate_limited", true, 7000), 0)).toEqual({ kind: "wait", ms: 7000 });
    expect(retryOf(error("platform.rate_limited", true, 9e9), 0)).toEqual({
      kind: "wait",
      ms: limits.thread.maxPresentWaitMs,
    });
  });

  test("without a word of when, the wait doubles", () => {
    const waits = [0, 1, 2].map((attempts) => retryOf(error("platform.unreachable", true), attempts));
    expect(waits).toEqual([500, 1000, 2000].map((ms) => ({ kind: "wait", ms })));
  });

  test("a refusal is final, a worn-out retry is given up", () => {
    expect(retryOf(error("platform.refused", false), 0)).toEqual({ kind: "skip" });
    expect(retryOf(error("platform.unreachable", true), limits.thread.maxPresentAttempts)).toEqual({ kind: "skip" });
  });

  test("being asked to wait is no failure, and yet bounded", () => {
    const limited = error("platform.rate_limited", true, 1000);
    expect(retryOf(limited, limits.thread.maxPresentAttempts)).toEqual({ kind: "wait", ms: 1000 });
    expect(retryOf(limited, limits.thread.maxRateWaits)).toEqual({ kind: "skip" });
  });
});
