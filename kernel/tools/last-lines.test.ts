import { expect, test } from "vitest";
import { LastLines } from "./last-lines.ts";

function watched() {
  const shown: string[] = [];
  let now = 0;
  const lines = new LastLines(
    (text) => shown.push(text),
    () => now,
  );
  return { shown, lines, later: (ms: number) => void (now += ms) };
}

test("C2 the last five lines are shown, the first at once and then not more often than every 400 ms", () => {
  const { shown, lines, later } = watched();
  lines.add("one\n");
  for (let n = 2; n <= 9; n += 1) lines.add(`${n}\n`);
  expect(shown).toEqual(["one"]);
  later(500);
  lines.add("ten\n");
  expect(shown[1]).toBe("6\n7\n8\n9\nten");
});

test("C2 a progress bar that is drawn over itself is one line, and nothing new is not shown again", () => {
  const { shown, lines, later } = watched();
  lines.add(" 10%\r 20%\r 30%");
  later(500);
  lines.add("\r 30%");
  later(500);
  lines.add("\r100%\n");
  expect(shown).toEqual([" 30%", "100%"]);
});

test("C2 an endless line stays short", () => {
  const { shown, lines } = watched();
  lines.add("x".repeat(1_000_000));
  expect(shown[0]?.length).toBeLessThanOrEqual(200);
});
