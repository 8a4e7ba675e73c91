import { describe, expect, test } from "vitest";
import { numbered, uploadName } from "./uploads.ts";

describe("D7 odd names", () => {
  test.each([
    ["report.pdf", "report.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ada\\plan.docx", "plan.docx"],
    ["%2e%2e%2fsecret", "2e2e2fsecret"],
    ["...", "file"],
    ["", "file"],
    ["a\u0000b\u202Etxt.pdf", "abtxt.pdf"],
    ["Grüße.txt", "Grüße.txt"],
  ])("%s becomes %s", (name, expected) => {
    expect(uploadName(name)).toBe(expected);
  });

  test("a very long name is cut", () => {
    expect([...uploadName("x".repeat(5000))].length).toBe(120);
  });

  test("the second file of a name gets a number before its ending", () => {
    expect([1, 2, 3].map((n) => numbered("a.tar.gz", n))).toEqual(["a.tar.gz", "a.tar-2.gz", "a.tar-3.gz"]);
    expect(numbered("README", 2)).toBe("README-2");
  });
});
