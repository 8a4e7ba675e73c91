import { expect, test } from "vitest";
import { byteLength, closeFence, cutAt, openFence } from "./split.ts";
import { fc } from "../../test/fast-check.ts";

test("a cut keeps within its bytes, halves no character and prefers a paragraph, a line, a word", () => {
  expect(cutAt("one two\n\nthree four\nfive", 14)).toBe("one two\n\n".length);
  expect(cutAt("one two\nthree four five", 12)).toBe("one two\n".length);
  expect(cutAt("one two three", 9)).toBe("one two ".length);
  expect(cutAt("onetwothree", 5)).toBe(5);
  expect(cutAt("short", 100)).toBe(5);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 4, max: 40 }), (text, bytes) => {
      const head = text.slice(0, cutAt(text, bytes));
      expect(byteLength(head)).toBeLessThanOrEqual(bytes);
      expect(head.isWellFormed()).toBe(text.isWellFormed());
    }),
    { seed: 1 },
  );
});

test("what was sent stays on its side of a cut", () => {
  expect(cutAt("one two three four", 9, 12)).toBeGreaterThanOrEqual(12);
});

test.each([
  ["text", null],
  ["```js\nlet a;", "```js"],
  ["```js\nlet a;\n```\nafter", null],
  ["~~~\n```\n", "~~~"],
  ["````\n```\n", "````"],
  ["```inline``` text", null],
])("an open fence is known: %j", (text, open) => {
  expect(openFence(text)).toBe(open);
  if (open !== null) expect(openFence(text + closeFence(open))).toBeNull();
});
