import { expect, test } from "vitest";
import { Traffic } from "./traffic.ts";

test("a lone question is no traffic, nor is one now and then", () => {
  const traffic = new Traffic(2, 100);
  expect(traffic.busy(0)).toBe(false);
  for (const at of [0, 60, 120, 180]) {
    traffic.came(at);
    expect(traffic.busy(at)).toBe(false);
  }
});

test("more than two within a tenth of a second are, for a tenth of a second", () => {
  const traffic = new Traffic(2, 100);
  for (const at of [0, 40, 90]) traffic.came(at);
  expect(traffic.busy(100)).toBe(true);
  expect(traffic.busy(101)).toBe(false);
  for (const at of [110, 111, 112]) traffic.came(at);
  expect(traffic.busy(210)).toBe(true);
});
