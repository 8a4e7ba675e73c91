import { expect, test } from "vitest";
import { sameText } from "./same-text.ts";

test.each([
  ["abc", "abc", true],
  ["abc", "abd", false],
  ["abc", "ab", false],
  ["ab", "abc", false],
  ["", "a", false],
  ["", "", true],
])("%j and %j: %s", (a, b, same) => expect(sameText(a, b)).toBe(same));
