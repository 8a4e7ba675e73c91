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
  ["", { kind: "whole" }],
  ["x bytes=0-1", { kind: "whole" }],
  ["bytes=0-1 x", { kind: "whole" }],
  ["bytes=0-1, 3-4", { kind: "whole" }],
  ["bytes=a-b", { kind: "whole" }],
  ["bytes=  12- ", { kind: "none" }],
  ["bytes=  3-5  ", { kind: "part", offset: 3, length: 3 }],
  ["bytes=3-3", { kind: "part", offset: 3, length: 1 }],
  ["bytes=9-9", { kind: "part", offset: 9, length: 1 }],
  ["bytes=0-", { kind: "part", offset: 0, length: 10 }],
  ["bytes=-10", { kind: "part", offset: 0, length: 10 }],
  [`bytes=${"1".repeat(16)}-`, { kind: "whole" }],
])("%s of ten bytes", (header, expected) => {
  expect(rangeOf(header, 10)).toEqual(expected);
});

it("of an empty body there is no part", () => {
  expect(rangeOf("bytes=0-", 0)).toEqual({ kind: "none" });
  expect(rangeOf("bytes=-1", 0)).toEqual({ kind: "none" });
});
