import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { moduleNames } from "../../kernel/sandbox/isolate/modules/names.ts";
import { guestTextSource, textFile } from "./guest-text.ts";
import { moduleTextSource, textFileOf } from "./module-text.ts";

it("the isolate's text is what its sources say (else: node test/workerd-isolate/guest-text.ts)", async () => {
  expect(await readFile(textFile, "utf8")).toBe(await guestTextSource());
});

it.each(moduleNames)(
  "the module %s is what its source says (else: node test/workerd-isolate/module-text.ts)",
  async (name) => {
    expect(await readFile(textFileOf(name), "utf8")).toBe(await moduleTextSource(name));
  },
);
