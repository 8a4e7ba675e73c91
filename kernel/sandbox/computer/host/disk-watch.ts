import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../../../limits.ts";
import { freeSpace, judgeDisk, measure, type DiskUse } from "./disk.ts";

/** A box is looked at when its file system has lost this much since the last look. */
const noticed: DiskUse = { bytes: 4 * 1024 * 1024, files: 500 };
/** And at every so manieth tick in any case: what others delete meanwhile could hide what a box writes. */
const alwaysEvery = 15;

/**
 * Watches what a box writes, once a second while something is written on its file system, and says when it is too much.
 * There is no way to give a folder a size of its own without mount rights, so a box can be over for about a second.
 */
export function watchDisk(options: {
  path: string;
  isRoot: boolean;
  atStart: DiskUse;
  onUse: (use: DiskUse | null) => void;
  onFull: (message: string) => void;
  signal: AbortSignal;
}): void {
  const { path, isRoot, atStart, onUse, onFull, signal } = options;
  const run = async (): Promise<void> => {
    let before = await freeSpace(path);
    for (let tick = 1; ; tick += 1) {
      await sleep(limits.jail.diskLookMs, undefined, { signal, ref: false });
      const free = await freeSpace(path);
      const due = tick % alwaysEvery === 0;
      if (!due && before.bytes - free.bytes < noticed.bytes && before.files - free.files < noticed.files) {
        before = { bytes: Math.max(before.bytes, free.bytes), files: Math.max(before.files, free.files) };
        continue;
      }
      before = free;
      const use = await measure(path, isRoot);
      if (signal.aborted) return;
      onUse(use);
      const verdict = judgeDisk(use, atStart);
      if (verdict.full) return onFull(verdict.message);
    }
  };
  // It rejects when the signal ends it, and when the folder is gone with its box.
  run().catch(() => undefined);
}
