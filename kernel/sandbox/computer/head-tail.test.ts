import { expect, test } from "vitest";
import { HeadTail } from "./head-tail.ts";
import { fc } from "../../../test/fast-check.ts";

const fed = (max: number, pieces: string[]): HeadTail => {
  const kept = new HeadTail(max);
  for (const piece of pieces) kept.add(piece);
  return kept;
};

test("C2 what is short enough comes whole, in whatever pieces it was written", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 12 }), (pieces) => {
      const whole = pieces.join("");
      fc.pre(whole.length <= 40);
      expect(fed(40, pieces).text()).toBe(whole);
    }),
  );
});

test("C2 20 MB come as their first and last part with what is missing in between, in bounded memory", () => {
  const kept = new HeadTail(30_000);
  kept.add("first\n");
  for (let at = 0; at < 2_000; at += 1) kept.add("x".repeat(10_000));
  kept.add("\nlast");
  expect(kept.cut).toBe(true);
  expect(kept.chars).toBe(20_000_011);
  const text = kept.text();
  expect(text.startsWith("first\n")).toBe(true);
  expect(text.endsWith("\nlast")).toBe(true);
  expect(text).toContain("19,970,011 characters left out");
  expect(text.length).toBeLessThan(30_100);
});

test("C2 no character is cut in two", () => {
  for (let before = 0; before < 4; before += 1) {
    const text = fed(10, ["x".repeat(before), "😀".repeat(40)]).text();
    expect(text).toBe(new TextDecoder().decode(new TextEncoder().encode(text)));
    expect(text).not.toContain("�");
  }
});
