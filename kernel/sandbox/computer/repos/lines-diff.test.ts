import { fc } from "../../../../test/fast-check.ts";
import { expect, test } from "vitest";
import { commitText } from "./new-commit.ts";
import { pathText } from "./file-diff.ts";
import { hunks, runsBetween, type Run } from "./lines-diff.ts";

const lines = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "d"), { maxLength: 60, size: "max" });
const side = (runs: Run[], without: "+" | "-") => runs.flatMap(({ kind, lines: all }) => (kind === without ? [] : all));

test("the runs between two texts give back the one and the other", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const runs = runsBetween(before, after);
      expect(side(runs, "+")).toEqual(before);
      expect(side(runs, "-")).toEqual(after);
    }),
  );
});

test("texts too different to be compared line by line are told as all of the one and all of the other", () => {
  const many = (name: string) => Array.from({ length: 4_000 }, (_, n) => `${name} ${n}\n`);
  const runs = runsBetween(["same\n", ...many("old"), "end\n"], ["same\n", ...many("new"), "end\n"]);
  expect(runs.map(({ kind, lines: all }) => `${kind}${all.length}`)).toEqual([" 1", "-4000", "+4000", " 1"]);
});

/** What a reader of a diff takes from it: the lines that it says are there, by their numbers. */
function claimed(text: string): { old: Map<number, string>; now: Map<number, string> } {
  const [old, now] = [new Map<number, string>(), new Map<number, string>()];
  let [at, to] = [0, 0];
  for (const line of text.match(/[^\n]*\n/g) ?? []) {
    const head = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n$/.exec(line);
    if (head) {
      at = Number(head[1]) + (head[2] === "0" ? 1 : 0);
      to = Number(head[3]) + (head[4] === "0" ? 1 : 0);
      continue;
    }
    if (line.startsWith("\\")) continue;
    if (line[0] !== "+") old.set(at++, line.slice(1));
    if (line[0] !== "-") now.set(to++, line.slice(1));
  }
  return { old, now };
}

test("each line of a hunk is the line of its number, and all that changed is in one", () => {
  const whole = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n"), { maxLength: 80, size: "max" });
  fc.assert(
    fc.property(whole, whole, (before, after) => {
      const runs = runsBetween(before, after);
      const { old, now } = claimed(hunks(runs, (line) => line));
      for (const [number, line] of old) expect(line).toBe(before[number - 1]);
      for (const [number, line] of now) expect(line).toBe(after[number - 1]);
      const changed = (kind: string) => runs.reduce((sum, run) => sum + (run.kind === kind ? run.lines.length : 0), 0);
      expect(before.length - old.size).toBe(after.length - now.size);
      expect(now.size - old.size).toBe(changed("+") - changed("-"));
    }),
  );
});

test("a path with a break or a quote in it is quoted, one that is no UTF-8 has its bytes named", () => {
  expect(pathText("src/a b.ts")).toBe("src/a b.ts");
  expect(pathText("\u00c3\u00a4.txt")).toBe("ä.txt");
  expect(pathText('a\n+++ "b')).toBe('"a\\n+++ \\"b"');
  expect(pathText("\u00e4.txt")).toBe("⟨0xE4⟩.txt");
});

test("a name or a message brings no line of its own into a commit", () => {
  const base = { tree: "t", parent: "p", message: "m", at: 1_500 };
  const text = commitText({ ...base, author: "Ann <x>\nparent evil\0" });
  expect(text.split("\n").slice(0, 4)).toEqual([
    "tree t",
    "parent p",
    "author Ann  x parent evil <deckhand@localhost> 1 +0000",
    "committer Deckhand <deckhand@localhost> 1 +0000",
  ]);
  expect(commitText({ ...base, author: "<>\n" })).toContain("author Somebody <");
  expect(commitText({ ...base, author: "A", message: "a\0b\n\n" }).endsWith("\n\nab\n")).toBe(true);
});
