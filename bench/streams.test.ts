import { expect, test } from "vitest";
import { busiestMinute } from "./streams.ts";

test("the busiest minute slides", () => {
  expect(busiestMinute([])).toBe(0);
  expect(busiestMinute([0, 1, 2].map((at) => ({ at })))).toBe(3);
  expect(busiestMinute([0, 30_000, 59_999, 60_000, 90_000].map((at) => ({ at })))).toBe(3);
});
