import { expect, test } from "vitest";
import { type Content, type Verdict, decide } from "./decide.ts";
import { fc } from "../../../../test/fast-check.ts";

const rows: [name: string, base: Content, kernel: Content, box: Content, verdict: Verdict][] = [
  ["nothing anywhere", null, null, null, "none"],
  ["all the same", "a", "a", "a", "none"],
  ["new with the Kernel", null, "a", null, "push"],
  ["new in the box", null, null, "a", "pull"],
  ["new on both sides, the same", null, "a", "a", "settle"],
  ["new on both sides, not the same", null, "a", "b", "conflict"],
  ["changed with the Kernel", "a", "b", "a", "push"],
  ["changed in the box", "a", "a", "b", "pull"],
  ["changed on both sides to the same", "a", "b", "b", "settle"],
  ["changed on both sides", "a", "b", "c", "conflict"],
  ["removed with the Kernel", "a", null, "a", "removeThere"],
  ["removed in the box", "a", "a", null, "removeHere"],
  ["removed on both sides", "a", null, null, "settle"],
  ["removed with the Kernel, changed in the box", "a", null, "b", "pull"],
  ["changed with the Kernel, removed in the box", "a", "b", null, "push"],
];

test.each(rows)("%s", (_name, base, kernel, box, verdict) => {
  expect(decide({ base, kernel, box })).toBe(verdict);
});

test("no verdict takes away what the other side has not seen", () => {
  const content = fc.constantFrom<Content>(null, "a", "b", "c");
  fc.assert(
    fc.property(content, content, content, (base, kernel, box) => {
      const verdict = decide({ base, kernel, box });
      // The box's content goes only when the Kernel once had it; and the other way round.
      if (verdict === "push" || verdict === "removeThere") expect(box === base || box === null).toBe(true);
      if (verdict === "pull" || verdict === "removeHere") expect(kernel === base || kernel === null).toBe(true);
      if (verdict === "none" || verdict === "settle") expect(kernel).toBe(box);
    }),
  );
});
