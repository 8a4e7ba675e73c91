import { expect, it } from "vitest";
import { nameRefusals } from "./refusals.ts";

it("what is not there is refused by name, and what we do not know stays as bash has it", () => {
  expect(nameRefusals("bash: git: command not found\nbash: nosuch: command not found\nother\n")).toMatch(
    /^git: refused: a simulated shell has no git\. .*COMPUTER=docker.*\nbash: nosuch: command not found\nother\n$/,
  );
  expect(nameRefusals("bash: line 3: python3: command not found")).toMatch(/^python3: refused/);
  const browser = "bash: tar: command not available in browser environments. Exclude 'tar' from your commands.";
  expect(nameRefusals(browser)).toMatch(/^tar: refused/);
  expect(nameRefusals("he said git: command not found, so")).toBe("he said git: command not found, so");
});
