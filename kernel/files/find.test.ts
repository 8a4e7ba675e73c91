import { fc } from "../../test/fast-check.ts";
import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { Work } from "../work.ts";
import { find, findLimits, linesWith } from "./find.ts";
import type { FileInfo } from "./types.ts";

const quiet = () => new Work({ budgetMs: Infinity, pause: async () => undefined });

/** As one would write it who has all the time there is. */
const plainly = (text: string, wanted: string): number[] =>
  text
    .split("\n")
    .flatMap((line, index) => (line.toLowerCase().includes(wanted.toLowerCase()) ? [index + 1] : []))
    .slice(0, findLimits.maxMatchesPerFile);

test("the lines that are found are those that hold the text, wherever a stretch ends", async () => {
  const line = fc.constantFrom("", "Zebra", "a zebRA b", "ÉTÉ", "x".repeat(30_000), "İ", "zeb", "ra");
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40, size: "max" }),
      fc.constantFrom("zebra", "été", "i", "x", "b\nr"),
      async (lines, wanted) => {
        const text = lines.join("\n");
        expect((await linesWith(text, wanted, quiet())).map((one) => one.line)).toEqual(plainly(text, wanted));
      },
    ),
    { numRuns: 200 },
  );
});

const info = (path: string, sizeBytes: number): FileInfo => ({ path, sizeBytes, mediaType: "text/plain", sha256: "", version: 1, etag: "", updatedAt: 0 }); // oxfmt-ignore
const tree = (count: number, text: string) => ({
  list: async () => ({
    files: Array.from({ length: count }, (_, n) => info(`home/${n}.txt`, text.length)),
    cursor: null,
  }),
  read: async (path: string) => ({ info: info(path, text.length), bytes: new TextEncoder().encode(text) }),
});

test("a search gives others their turn all along, and ends at its caller's limit", async () => {
  const text = "the quick brown fox\n".repeat(10_000);
  let paused = 0;
  const work = new Work({ budgetMs: Infinity, pause: async () => void (paused += 1) });
  expect(await find(tree(60, text), { text: "zebra" }, work)).toEqual([]);
  const slices = (60 * text.length) / limits.work.bytesPerMs / limits.work.sliceMs;
  expect(paused).toBeGreaterThanOrEqual(Math.floor(slices));
  const small = new Work({ budgetMs: work.spentMs / 2, pause: async () => undefined });
  await expect(find(tree(60, text), { text: "zebra" }, small)).rejects.toMatchObject({ code: "limit.cpu" });
});
