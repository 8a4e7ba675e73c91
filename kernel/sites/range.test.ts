import { expect, it } from "vitest";
import { rangeOf } from "./range.ts";

it.each([
  [null, { kind: "whole" }],
  ["bytes=0-3", { kind: "part", offset: 0, length: 4 }],
  ["bytes=4-", { kind: "part", offset: 4, length: 6 }],
  ["bytes=-3", { kind: "part", offset: 7, length: 3 }],
  ["bytes=-99", { kind: "part", offset: 0, length: 10 }],
  ["bytes=8-99", { kind: "part", offset: 8, length: 2 }],
  ["bytes=10-", { kind: "none" }],
  ["bytes=-0", { kind: "none" }],
  ["bytes=5-2", { kind: "whole" }],
  ["bytes=-", { kind: "whole" }],
  ["bytes=0-1,3-4", { kind: "whole" }],
  ["items=0-1", { kind: "whole" }],
])("%s of ten bytes", (header, expected) => {
  expect(rangeOf(header, 10)).toEqual(expected);
});
