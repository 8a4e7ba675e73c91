import { fc } from "../test/fast-check.ts";
import { expect, test } from "vitest";
import { boundJson, jsonFault } from "./json-size.ts";
import { Work } from "./work.ts";

const bounds = { maxChars: 1000, maxValues: 50, maxDepth: 5, what: "The input", where: "limits.max" };
const quiet = () => new Work({ budgetMs: Infinity, pause: async () => undefined });

/** Objects, lists, keys and what stands in them, as the scan counts them: an empty list counts its one place too. */
function sizeOf(value: unknown): { values: number; depth: number } {
  if (typeof value !== "object" || value === null) return { values: 0, depth: 0 };
  const parts = Array.isArray(value) ? value : Object.values(value);
  const inner = parts.map(sizeOf);
  const separators = Math.max(0, parts.length - 1) + (Array.isArray(value) ? 0 : parts.length);
  const values = 1 + separators + inner.reduce((sum, one) => sum + one.values, 0);
  return { values, depth: 1 + Math.max(0, ...inner.map((one) => one.depth)) };
}

test("a text is refused exactly when what it says has too many values or lies too deep", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const { values, depth } = sizeOf(value);
      const fits = values + 1 <= bounds.maxValues && depth <= bounds.maxDepth && text.length <= bounds.maxChars;
      expect(jsonFault(text, bounds) === null).toBe(fits);
    }),
    { numRuns: 500 },
  );
});

test("each bound is named", async () => {
  const fault = (text: string) => boundJson(text, bounds, quiet());
  await expect(fault(`"${"x".repeat(1000)}"`)).rejects.toThrow("at most 1000 are taken (limits.maxChars)");
  await expect(fault(`[${"[],".repeat(60)}[]]`)).rejects.toThrow("more than 50 values (limits.maxValues)");
  await expect(fault("[".repeat(9))).rejects.toThrow("more than 5 deep (limits.maxDepth)");
  await expect(fault('{"a,[{":"\\"[,[,[,[,[,[,[,"}')).resolves.toBeUndefined();
});

test("a long text is looked at in slices, and not past its fault", async () => {
  let paused = 0;
  const work = new Work({ budgetMs: Infinity, pause: async () => void (paused += 1) });
  await boundJson(`"${"x".repeat(4e6)}"`, { ...bounds, maxChars: 1e7 }, work);
  expect(paused).toBeGreaterThan(3);
  const before = work.spentMs;
  await expect(boundJson("[".repeat(4e6), { ...bounds, maxChars: 1e7 }, work)).rejects.toThrow("Depth");
  expect(work.spentMs - before).toBeLessThan(3);
});
