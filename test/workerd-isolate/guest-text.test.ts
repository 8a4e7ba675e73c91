import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { guestTextSource, textFile } from "./guest-text.ts";

it("the isolate's text is what its sources say (else: node test/workerd-isolate/guest-text.ts)", async () => {
  expect(await readFile(textFile, "utf8")).toBe(await guestTextSource());
});
