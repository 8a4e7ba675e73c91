import { statfs } from "node:fs/promises";
import { limits } from "../../../limits.ts";
import { asOwner } from "./remove.ts";

export interface DiskUse {
  bytes: number;
  files: number;
}

const block = 512;

/** Adds up lines of `find -printf '%b %n %D:%i\n'`: a file with several names counts once. */
export class Tally {
  bytes = 0;
  files = 0;
  readonly #linked = new Set<string>();
  #rest = "";

  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const [blocks = "0", links = "1", inode = ""] = line.split(" ");
      if (Number(links) > 1) {
        if (this.#linked.has(inode)) continue;
        this.#linked.add(inode);
      }
      this.bytes += Number(blocks) * block;
      this.files += 1;
    }
  }
}

/**
 * What a folder takes. Links are counted and never followed. A look that takes too long is ended: null, for a tree that
 * cannot be measured.
 */
export async function measure(path: string, isRoot: boolean): Promise<DiskUse | null> {
  const tally = new Tally();
  const late = AbortSignal.timeout(limits.jail.maxDiskLookMs);
  // Directories have several links of their own: they are told apart by -type.
  const print = ["-type", "d", "-printf", "%b 1 %i\n", "-o", "-printf", "%b %n %i\n"];
  await asOwner(["find", path, "-xdev", ...print], isRoot, { onOutput: (text) => tally.add(text), signal: late });
  return late.aborted ? null : { bytes: tally.bytes, files: tally.files };
}

export type DiskVerdict = { full: false } | { full: true; message: string };

const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** Whether a box has to be ended for its disk; `atStart` is what it had when it was started. */
export function judgeDisk(use: DiskUse | null, atStart: DiskUse): DiskVerdict {
  const { diskBytes } = limits.computer;
  const { maxFiles, overfullBytes } = limits.jail;
  const mend = "Everything in it was ended; its files are kept. Delete some of them.";
  if (use === null) return { full: true, message: `The computer's disk holds more than can be counted. ${mend}` };
  if (use.bytes > Math.max(diskBytes, atStart.bytes + overfullBytes))
    return { full: true, message: `The computer's disk is full: ${gib(use.bytes)} of ${gib(diskBytes)}. ${mend}` };
  if (use.files > Math.max(maxFiles, atStart.files + 1_000))
    return { full: true, message: `The computer's disk holds ${use.files} files; ${maxFiles} are allowed. ${mend}` };
  return { full: false };
}

/** Free bytes and files of the file system a path is on: cheap to ask, and it tells whether a look is due. */
export async function freeSpace(path: string): Promise<DiskUse> {
  const { bavail, bsize, ffree } = await statfs(path);
  return { bytes: bavail * bsize, files: ffree };
}
