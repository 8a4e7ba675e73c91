import { fc } from "../../test/fast-check.ts";
import { expect, test } from "vitest";
import { byteLength, clipInert, closeFence, cutAt, openFence, resumed } from "./split.ts";

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
  ["- ```js\n  let a;", "  ```js"],
  ["> ```js\n> let a;", "> ```js"],
  ["- ```js\n  let a;\nafter", null],
  ["```\n~~~\n", "```"],
])("an open fence is known: %j", (text, open) => {
  expect(openFence(text)).toBe(open);
  if (open !== null) expect(openFence(text + closeFence(open))).toBeNull();
});

test("A10 a cut falls within no code, no link and no address, and in no line of a fence", () => {
  expect(cutAt("one two `three four five` six", 16)).toBe("one two ".length);
  expect(cutAt("one two \\` `three four` five", 18)).toBe("one two \\` ".length);
  expect(cutAt("one two [three four](https://a.example) (a.example) five", 46)).toBe("one two ".length);
  expect(cutAt("one two https://b@a.example/ (a.example) five", 34)).toBe("one two ".length);
  expect(cutAt("one\n~~~~ two three four", 14)).toBe("one\n".length);
  expect(clipInert("one `two [x](https://a.example) three` four", 36)).toBe("one …");
});

test("A10 what follows a cut is what it was: in its fence, or in the middle of a line", () => {
  expect(resumed(null, "a\n", "# b")).toBe("");
  expect(resumed(null, "a ", "b")).toBe("");
  for (const rest of ["# b", "~~~", "```x``` y", "[b]: c", "- d", "1. e", "> f"])
    expect(resumed(null, "a ", rest)).toBe("\u2060");
  expect(resumed("```js", "```js\na\n", "b")).toBe("```js\n");
  expect(resumed("> ```js", "> ```js\n> a ", "b")).toBe("> ```js\n> ");
});
