import { describe, expect, it } from "vitest";
import { percentile, stats } from "./stats.ts";

describe("the numbers of a bench", () => {
  it("of 1 to 100 the percentiles are their own numbers, in any order", () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(stats(samples)).toEqual({ n: 100, min: 1, mean: 50.5, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(samples[0]).toBe(100);
  });

  it("of one sample all are that sample", () => {
    expect(stats([7])).toEqual({ n: 1, min: 7, mean: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it("a tail is not averaged away", () => {
    const { p50, p99, max } = stats([...Array.from({ length: 98 }, () => 1), 500, 900]);
    expect({ p50, p99, max }).toEqual({ p50: 1, p99: 500, max: 900 });
  });

  it("sorts as numbers and rounds to a thousandth", () => {
    expect(stats([10, 9, 2.00049])).toMatchObject({ min: 2, p50: 9, max: 10 });
  });

  it("no sample, and one that is not a number, are refused", () => {
    expect(() => stats([])).toThrow(RangeError);
    expect(() => stats([1, Number.NaN])).toThrow(RangeError);
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});
