import { mkdirSync, mkdtempSync, rmSync, linkSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { limits } from "../../../limits.ts";
import { judgeDisk, measure, Tally } from "./disk.ts";

const { diskBytes } = limits.computer;
const { overfullBytes, maxFiles } = limits.jail;
const empty = { bytes: 0, files: 0 };

test.each([
  ["under it", { bytes: diskBytes, files: 10 }, empty, false],
  ["over it", { bytes: diskBytes + 1, files: 10 }, empty, true],
  [
    "over it since the start, but not grown",
    { bytes: diskBytes * 2, files: 10 },
    { bytes: diskBytes * 2, files: 10 },
    false,
  ],
  [
    "grown since it was started full",
    { bytes: diskBytes * 2 + overfullBytes + 1, files: 1 },
    { bytes: diskBytes * 2, files: 1 },
    true,
  ],
  ["too many files", { bytes: 0, files: maxFiles + 1 }, { bytes: 0, files: maxFiles - 2_000 }, true],
])("a disk that is %s", (_name, use, atStart, full) => expect(judgeDisk(use, atStart).full).toBe(full));

test("a disk that cannot be counted is full", () => expect(judgeDisk(null, empty).full).toBe(true));

test("a file with two names counts once, also when lines come in pieces", () => {
  const tally = new Tally();
  for (const piece of ["8 2 7", "7\n8 2 77\n16 1 ", "5\n"]) tally.add(piece);
  expect(tally).toMatchObject({ bytes: 24 * 512, files: 2 });
});

test("links out of a folder are not followed", async () => {
  const root = mkdtempSync(join(tmpdir(), "deckhand-disk-"));
  try {
    mkdirSync(join(root, "box"));
    writeFileSync(join(root, "big"), "x".repeat(4_000_000));
    symlinkSync(join(root, "big"), join(root, "box/link"));
    symlinkSync(root, join(root, "box/up"));
    writeFileSync(join(root, "box/own"), "x".repeat(100_000));
    linkSync(join(root, "box/own"), join(root, "box/same"));
    const use = await measure(join(root, "box"), true);
    expect(use?.bytes).toBeGreaterThan(90_000);
    expect(use?.bytes).toBeLessThan(150_000);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
