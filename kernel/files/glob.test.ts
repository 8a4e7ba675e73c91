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
  ])("%s on %s is %s", (glob, path, expected) => {
    expect(globTest(glob)(path)).toBe(expected);
  });

  it("a nasty glob ends at once", () => {
    const started = performance.now();
    expect(globTest("*a*a*a*a*a*a*a*a*b")(`home/${"a".repeat(400)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
    expect(() => globTest("*a".repeat(40))).toThrow(KernelError);
  });
});
