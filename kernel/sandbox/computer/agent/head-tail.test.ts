import { expect, test } from "vitest";
import { HeadTail, leftOut, wholeLength } from "./head-tail.ts";

test("what fits is whole, also across the seam of head and tail", () => {
  for (const step of [1, 2, 3, 7, 100]) {
    const kept = new HeadTail(5, 20);
    const bytes = Buffer.from("aé€😀 bcdefghij");
    for (let at = 0; at < bytes.length; at += step) kept.push(bytes.subarray(at, at + step));
    expect(kept.text()).toBe("aé€😀 bcdefghij");
    expect(kept.omitted).toBe(0);
  }
});

test("what does not fit is its head, the count of what is left out, and its tail, in whole characters", () => {
  for (const step of [1, 3, 8, 1000]) {
    const kept = new HeadTail(4, 4);
    const bytes = Buffer.from(`ab€${"x".repeat(100)}€yz`);
    for (let at = 0; at < bytes.length; at += step) kept.push(bytes.subarray(at, at + step));
    expect(kept.text()).toBe(`ab${leftOut(104)}yz`);
    expect(kept.total).toBe(bytes.length);
  }
});

test("a cut character is seen as such", () => {
  const euro = Buffer.from("x€");
  expect([1, 2, 3, 4].map((length) => wholeLength(euro.subarray(0, length)))).toEqual([1, 1, 1, 4]);
  expect(wholeLength(Buffer.alloc(0))).toBe(0);
  expect(wholeLength(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80]))).toBe(5);
});
