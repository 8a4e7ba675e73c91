import { expect, it } from "vitest";
import { spanMs } from "./turn-time.ts";

it("a turn lasts from its first event to the answer of its last call", () => {
  expect(spanMs([1_003, 1_000], [{ at: 1_040 }, { at: 1_090 }, { at: 1_060 }])).toBe(90);
});

it("a turn of which nothing was seen is no fast one", () => {
  expect(() => spanMs([], [{ at: 1 }])).toThrow(RangeError);
  expect(() => spanMs([1], [])).toThrow(RangeError);
});
