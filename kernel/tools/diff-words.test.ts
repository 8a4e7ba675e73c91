import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { cutAtLine, diffBlock, diffSums, fileLines } from "./diff-words.ts";

const file = (path: string, added: number | null = 1, removed: number | null = 2) => ({ path, added, removed });

describe("a diff in words", () => {
  it("is summed up, binary files without lines", () => {
    expect(diffSums([file("a"), file("b", null, null)])).toBe("2 files, 1 line added, 2 removed");
    expect(diffSums([])).toBe("no changes");
  });

  it("is cut at whole lines", () => {
    expect(cutAtLine("one\ntwo\nthree\n", 8)).toBe("one\ntwo\n");
    expect(cutAtLine("one\n", 8)).toBe("one\n");
  });

  it("cannot end its own block", () => {
    expect(diffBlock("+```\n+````\n")).toBe("`````diff\n+```\n+````\n`````");
  });

  it("lists a bounded number of files and says how many more there are", () => {
    const many = Array.from({ length: limits.repo.maxShownFiles + 3 }, (_, n) => file(`f${n}`));
    const lines = fileLines(many).split("\n");
    expect(lines).toHaveLength(limits.repo.maxShownFiles + 1);
    expect(lines.at(-1)).toBe("- … and 3 files more");
    expect(fileLines([file("x`y", null, null)])).toBe("- `` x`y `` — binary");
  });
});
