import { fc } from "../../test/fast-check.ts";
import { describe, expect, test } from "vitest";
import { Pace, type Rate } from "./pace.ts";

const rate: Rate = { perMinute: 60, burst: 3, maxWaitMs: 600_000 };

describe("the posting clock", () => {
  test("lets a burst through, then one a cell", () => {
    const pace = new Pace();
    const waits = [1, 2, 3, 4, 5].map(() => pace.ask("post", rate, 0).waitMs);
    expect(waits).toEqual([0, 0, 0, 1000, 2000]);
  });

  test("a pause gives the burst back", () => {
    const pace = new Pace();
    for (let n = 0; n < 3; n += 1) pace.ask("post", rate, 0);
    expect(pace.ask("post", rate, 3000).waitMs).toBe(0);
    expect(pace.ask("post", rate, 3000).waitMs).toBe(0);
  });

  test("who would wait too long gets no place, and takes none from others", () => {
    const pace = new Pace();
    const short = { ...rate, maxWaitMs: 500 };
    for (let n = 0; n < 3; n += 1) pace.ask("start", short, 0);
    expect(pace.ask("start", short, 0)).toEqual({ granted: false, waitMs: 1000 });
    expect(pace.ask("start", rate, 0)).toEqual({ granted: true, waitMs: 1000 });
  });

  test("waits that end late at the same moment do not end in calls at the same moment", () => {
    const pace = new Pace();
    const post = { ...rate, burst: 1 };
    expect([1, 2, 3].map(() => pace.ask("post", post, 0).waitMs)).toEqual([0, 1000, 2000]);
    // The machine stood still: all three come after two seconds and a half.
    const claim = { ...post, claim: true };
    expect([1, 2, 3].map(() => pace.ask("post", claim, 2500).waitMs)).toEqual([0, 1000, 1000]);
    expect([1, 2].map(() => pace.ask("post", claim, 3500).waitMs)).toEqual([0, 1000]);
    expect(pace.ask("post", claim, 4500).waitMs).toBe(0);
  });

  test("one name does not slow another", () => {
    const pace = new Pace();
    for (let n = 0; n < 10; n += 1) pace.ask("a", rate, 0);
    expect(pace.ask("b", rate, 0).waitMs).toBe(0);
  });

  test("property: in no minute are more granted than the burst and the rate", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 200 }), (gaps) => {
        const pace = new Pace();
        let now = 0;
        const at = gaps.map((gap) => {
          now += gap;
          return now + pace.ask("post", rate, now).waitMs;
        });
        const sorted = at.toSorted((a, b) => a - b);
        for (const [index, start] of sorted.entries()) {
          const within = sorted.slice(index).filter((time) => time < start + 60_000).length;
          expect(within).toBeLessThanOrEqual(rate.burst + rate.perMinute);
        }
      }),
    );
  });

  test("names are bounded", () => {
    const pace = new Pace();
    for (let n = 0; n < 10_000; n += 1) pace.ask(`name-${n}`, rate, 0);
    expect(pace.ask("post", rate, 0).waitMs).toBe(0);
  });
});
