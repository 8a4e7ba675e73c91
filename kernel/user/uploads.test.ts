import { expect, test } from "vitest";
import { numbered } from "./uploads.ts";

test("D7 the second file of a name gets a number before its ending", () => {
  expect([1, 2, 3].map((n) => numbered("a.tar.gz", n))).toEqual(["a.tar.gz", "a.tar-2.gz", "a.tar-3.gz"]);
  expect(numbered("README", 2)).toBe("README-2");
  expect(numbered(".env", 2)).toBe(".env-2");
});
