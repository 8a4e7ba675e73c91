import { describe, expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import { globTest } from "./glob.ts";

describe("globs", () => {
  it.each([
    ["*.md", "home/notes.md", true],
    ["*.md", "home/a/b/notes.md", true],
    ["home/*.md", "home/notes.md", true],
    ["home/*.md", "home/a/notes.md", false],
    ["home/**", "home/a/notes.md", true],
    ["home/**/*.md", "home/notes.md", true],
    ["**/index.html", "sites/a/index.html", true],
    ["sites/?/x", "sites/ab/x", false],
    ["sites/?/x", "sites/é/x", true],
    ["a.c", "home/abc", false],
    ["*report*", "uploads/Q3 report (1).pdf", true],
    ["home/[a]", "home/a", false],
    ["home/[a]", "home/[a]", true],
    ["a*", "home/ba", false],
    ["*a", "home/ab", false],
    ["a", "home/ab", false],
    ["ab", "home/a", false],
    ["a?", "home/a", false],
    ["a?c", "home/abc", true],
    ["a*", "home/a", true],
    ["a**", "home/a", true],
    ["a*?", "home/a", false],
    ["*ab", "home/aab", true],
    ["a*b*c", "home/a-b-b-c", true],
    ["a*b*c", "home/a-c-b", false],
    ["?", "home/😀", true],
    ["home", "home", true],
    ["home/a", "home", false],
    ["home", "home/a/b", false],
    ["home/**/a/**/b", "home/a/x/y/b", true],
    ["home/**/a/**/b", "home/x/y/b", false],
    ["**/**", "home/a", true],
    ["home/**", "sites/a", false],
    ["home/**/x", "home/a/y", false],
    ["caf\u0065\u0301", "home/caf\u00e9", true],
  ])("%s on %s is %s", (glob, path, expected) => {
    expect(globTest(glob)(path)).toBe(expected);
  });

  it("a nasty glob ends at once", () => {
    const started = performance.now();
    expect(globTest("*a*a*a*a*a*a*a*a*b")(`home/${"a".repeat(400)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
    expect(() => globTest("*a".repeat(40))).toThrow(KernelError);
  });

  it("is of 1 to 256 characters and at most twelve wildcards", () => {
    expect(globTest("a".repeat(256))("home/b")).toBe(false);
    expect(globTest("*a".repeat(12))("home/b")).toBe(false);
    expect(globTest("?**".repeat(6))("home/b")).toBe(false);
    for (const bad of ["", "a".repeat(257), "*a".repeat(13), "?".repeat(13)]) {
      expect(() => globTest(bad)).toThrow("A glob has 1–256 characters and at most 12 wildcards.");
    }
  });
});
