import { expect, it } from "vitest";
import { modulesInFile, shellModules } from "./shell-bin.ts";

it("the shell's modules are what their sources say (else: node test/computer/shell-bin.ts)", async () => {
  // By their end and not as one value: a difference of a million characters is nothing to look at.
  expect((await modulesInFile()) === (await shellModules()).json).toBe(true);
}, 60_000);
