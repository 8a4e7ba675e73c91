import { describe, expect, it } from "vitest";
import { contractOf } from "./contract/contract.ts";
import { Rates, rulesFor, type RateMode } from "./rates.ts";

const caller = (mode: RateMode) => {
  const rates = new Rates();
  return (method: string, args: Record<string, string>, now: number): number => {
    const contract = contractOf(method);
    if (contract === null) throw new Error(method);
    return rates.take(rulesFor(method, contract, args, mode), now);
  };
};

describe("rates", () => {
  it("let a burst of posts through in one channel and then one a second", () => {
    const call = caller("on");
    const at = (now: number) => call("chat.postMessage", { channel: "C1" }, now);
    const waits = Array.from({ length: 21 }, () => at(0));
    expect(waits).toEqual([...Array.from({ length: 20 }, () => 0), 1]);
    expect(at(1_000)).toBe(0);
    expect(at(1_000)).toBe(1);
  });

  it("count a channel without the others", () => {
    const call = caller("strict");
    expect(call("chat.postMessage", { channel: "C1" }, 0)).toBe(0);
    expect(call("chat.postMessage", { channel: "C2" }, 0)).toBe(0);
    expect(call("chat.postMessage", { channel: "C1" }, 0)).toBe(1);
  });

  it("let thirty threads stream at once, but no one stream flood", () => {
    const call = caller("on");
    for (let thread = 0; thread < 30; thread++) {
      const place = { channel: "C1", thread_ts: String(thread), recipient_user_id: "U1" };
      expect(call("chat.startStream", place, 0)).toBe(0);
      for (let step = 0; step < 50; step++)
        expect(call("chat.appendStream", { channel: "C1", ts: String(thread) }, step * 1000)).toBe(0);
    }
    const flood = Array.from({ length: 201 }, () => call("chat.appendStream", { channel: "C1", ts: "flood" }, 0));
    expect(flood.at(-1)).toBeGreaterThan(0);
  });

  it("hold to the published figure for the whole workspace when strict", () => {
    const call = caller("strict");
    const starts = Array.from({ length: 21 }, (_, n) => call("chat.startStream", { channel: `C${n}` }, 0));
    expect(starts.filter((wait) => wait > 0)).toEqual([3]);
  });

  it("are not counted when off", () => {
    const call = caller("off");
    expect(
      Array.from({ length: 1000 }, () => call("chat.postMessage", { channel: "C1" }, 0)).every((w) => w === 0),
    ).toBe(true);
  });
});
