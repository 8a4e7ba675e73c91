import { describe, expect, it } from "vitest";
import { listBox, placeOf, without, withFile } from "./box-files.ts";
import type { KeptEntry } from "./tree.ts";

const bytes = new Uint8Array([1]);
const invalid = expect.objectContaining({ code: "path.invalid" });

describe("a place in a simulated box", () => {
  it("is of the person's files or of the box's disk", () => {
    expect(placeOf("/r2/home/a")).toEqual({ in: "person", path: "home/a" });
    expect(placeOf("/r2/")).toEqual({ in: "person", path: "" });
    expect(placeOf("/workspace/a/")).toEqual({ in: "box", path: "/workspace/a" });
    expect(placeOf("/home/box")).toEqual({ in: "box", path: "/home/box" });
  });

  it.each([
    "",
    "a",
    "/",
    "/etc/passwd",
    "/r2home",
    "/workspacex",
    "/r2/../tmp",
    "/tmp//a",
    "/tmp/./a",
    "/tmp/a\0",
    "/tmp/\ud800",
  ])("%j is none", (path) => {
    expect(() => placeOf(path)).toThrow(invalid);
  });
});

describe("the box's own disk", () => {
  const tree = withFile([], "/workspace/a/b/c", bytes, 7);

  it("has the folders above a file that is written, once", () => {
    const more = withFile(tree, "/workspace/a/d", bytes, 8);
    expect(more.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual([
      "file /workspace/a/b/c",
      "file /workspace/a/d",
      "folder /workspace/a",
      "folder /workspace/a/b",
    ]);
    expect(listBox(more, "/workspace/a")).toEqual([
      { path: "/workspace/a/b/c", sizeBytes: 1, changedAt: 7 },
      { path: "/workspace/a/d", sizeBytes: 1, changedAt: 8 },
    ]);
  });

  it("keeps the mode of a file that is written again", () => {
    const before: KeptEntry[] = [{ kind: "file", path: "/tmp/x", mode: 0o755, changedAt: 1, bytes }];
    expect(withFile(before, "/tmp/x", bytes, 2)).toEqual([{ kind: "file", path: "/tmp/x", mode: 0o755, changedAt: 2, bytes }]); // oxfmt-ignore
  });

  it("takes no file for a folder and no folder for a file", () => {
    expect(() => withFile(tree, "/workspace/a", bytes, 1)).toThrow(invalid);
    expect(() => withFile(tree, "/workspace", bytes, 1)).toThrow(invalid);
    expect(() => withFile(tree, "/workspace/a/b/c/d", bytes, 1)).toThrow(invalid);
  });

  it("is removed with what is below, and nothing beside it", () => {
    const more = withFile(tree, "/workspace/ab", bytes, 8);
    expect(without(more, "/workspace/a").map(({ path }) => path)).toEqual(["/workspace/ab"]);
  });
});
