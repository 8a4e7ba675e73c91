import { expect, test } from "vitest";
import { parseFile } from "../../../files/paths.ts";
import { ThreadId } from "../../../ids.ts";
import { copyName, nameFault, placeOf, relOf, threadLabel } from "./names.ts";

const thread = ThreadId.parse("slack:T1:C1:1721000000.000100");

test("a name in the box and a path of the tree are each other's", async () => {
  const label = await threadLabel(thread);
  expect(label).toMatch(/^[0-9a-f]{12}$/);
  const threads = new Map([[label, thread]]);
  const labels = new Map([[thread, label]]);
  for (const rel of ["home/a", "uploads/b/c", "sites/s/index.html", `threads/${label}/x/y`]) {
    const place = placeOf(rel, threads);
    expect(place && relOf(place, labels)).toBe(rel);
  }
  expect(placeOf(`threads/${label}/x/y`, threads)).toEqual({ thread, path: "thread/x/y" });
});

test("what belongs to no tree has no place: other folders, threads that did not ask, the way over thread/", () => {
  const threads = new Map([["aaaaaaaaaaaa", thread]]);
  for (const rel of [
    "x",
    "NOT-HERE.txt",
    ".deckhand/in/1",
    "thread/x",
    "threads/bbbbbbbbbbbb/x",
    "threads/aaaaaaaaaaaa",
  ])
    expect(placeOf(rel, threads), rel).toBeNull();
  expect(relOf({ thread, path: "thread/x" }, new Map())).toBeNull();
});

test.each([
  ["home/ok.md", false],
  ["home/back\\slash", true],
  ["home/line\nbreak", true],
  ["home/ space", true],
  ["home/e\u0301.md", true],
  [`home/${"x".repeat(300)}`, true],
  [`home/${"d/".repeat(40)}x`, true],
])("%j is refused: %s", (path, refused) => {
  expect(nameFault({ thread: null, path }) !== null).toBe(refused);
});

test("a second name keeps the ending, counts on, and is a name that a tree takes however long the first was", () => {
  expect(copyName("home/notes.md", "main", 1)).toBe("home/notes (from box main).md");
  expect(copyName("home/notes.md", "main", 3)).toBe("home/notes (from box main 3).md");
  expect(copyName("home/.env", "main", 1)).toBe("home/.env (from box main)");
  expect(copyName("thread/Makefile", "b2", 1)).toBe("thread/Makefile (from box b2)");
  for (const path of [`home/${"ü".repeat(120)}.md`, `home/${"a/".repeat(230)}${"x".repeat(20)}.md`]) {
    expect(parseFile(path).path).toBe(path);
    const copy = copyName(path, "a234567890123456789b", 12);
    expect(parseFile(copy).path).toBe(copy);
    expect(copy).toContain("from box");
  }
});
