import { expect, test } from "vitest";
import { LastLines } from "./last-lines.ts";

function watched() {
  const shown: string[] = [];
  let now = 0;
  let due: { at: number; run: () => void } | null = null;
  const lines = new LastLines((text) => shown.push(text), {
    now: () => now,
    after(ms, run) {
      due = { at: now + ms, run };
      return () => void (due = null);
    },
  });
  const later = (ms: number) => {
    now += ms;
    if (due === null || due.at > now) return;
    const { run } = due;
    due = null;
    run();
  };
  return { shown, lines, later };
}

test("C2 each line is shown once: the first at once, what comes soon after a moment later", () => {
  const { shown, lines, later } = watched();
  lines.add("one\n");
  lines.add("two\n");
  lines.add("three\n");
  expect(shown).toEqual(["one"]);
  later(1000);
  expect(shown).toEqual(["one", "two\nthree"]);
  later(10_000);
  lines.add("four\n");
  lines.end();
  expect(shown).toEqual(["one", "two\nthree", "four"]);
});

test("C2 of many lines the last five are shown, with how many there were before", () => {
  const { shown, lines, later } = watched();
  lines.add("one\n");
  for (let n = 2; n <= 19; n += 1) lines.add(`${n}\n`);
  later(1000);
  expect(shown[1]).toBe("… 13 more lines\n15\n16\n17\n18\n19");
});

test("C2 the more was shown, the longer it takes until more is", () => {
  const { shown, lines, later } = watched();
  for (let n = 0; n < 600; n += 1) {
    lines.add(`line ${n} ${"-".repeat(40)}\n`);
    later(100);
  }
  lines.end();
  const chars = shown.join("\n").length;
  expect(chars).toBeGreaterThan(1500);
  expect(chars).toBeLessThan(4000);
  expect(shown.at(-1)).toContain("line 599");
});

test("C2 a progress bar that is drawn over itself is one line, and nothing new is not shown again", () => {
  const { shown, lines, later } = watched();
  lines.add(" 10%\r 20%\r 30%");
  later(1000);
  lines.add("\r 30%");
  later(1000);
  lines.add("\r100%\n");
  lines.end();
  expect(shown).toEqual([" 30%", "100%"]);
});

test("C2 a line that came in two pieces is one line; one that waits to go on is shown", () => {
  const { shown, lines, later } = watched();
  lines.add("hel");
  lines.add("lo\r");
  lines.add("\nname? ");
  later(1000);
  expect(shown).toEqual(["hello", "name?"]);
  lines.add("\n");
  lines.end();
  expect(shown).toEqual(["hello", "name?"]);
});

test("C2 an endless line stays short", () => {
  const { shown, lines } = watched();
  lines.add("x".repeat(1_000_000));
  lines.end();
  expect(shown[0]?.length).toBeLessThanOrEqual(200);
});
