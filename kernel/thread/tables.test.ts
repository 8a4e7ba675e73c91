import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { wholeFile, wholeSchema } from "../../test/harness/whole-schema.ts";

test("the tables that a new thread gets in one go are what all steps together make: `npm run migrations` writes them", () => {
  expect(readFileSync(wholeFile, "utf8")).toBe(wholeSchema());
});
