import { expect, it } from "vitest";
import { code, counted, sizeInWords } from "./words.ts";

it("sizes read well", () => {
  expect([0, 1, 1023, 1536, 25 * 1024 * 1024].map(sizeInWords)).toEqual([
    "0 bytes",
    "1 byte",
    "1023 bytes",
    "1.5 KB",
    "25.0 MB",
  ]);
  expect([counted(1, "file"), counted(2, "file")]).toEqual(["1 file", "2 files"]);
});

it("a name cannot break out of its code span", () => {
  expect(code("a.md")).toBe("`a.md`");
  expect(code("a`b``c")).toBe("``` a`b``c ```");
  expect(code("a\n# b")).toBe("`a�# b`");
});
