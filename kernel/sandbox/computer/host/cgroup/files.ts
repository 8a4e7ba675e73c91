import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The text of a group's file; null when there is none, or no right to it. */
export function read(folder: string, file: string): string | null {
  try {
    return readFileSync(join(folder, file), "utf8").trim();
  } catch {
    return null;
  }
}

export function readNumber(folder: string, file: string): number | null {
  const text = read(folder, file);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** A counter in a file of lines `name number`; 0 when it is not there. */
export function readCounter(folder: string, file: string, name: string): number {
  const line = read(folder, file)
    ?.split("\n")
    .find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

export function write(folder: string, file: string, value: string): boolean {
  try {
    writeFileSync(join(folder, file), value);
    return true;
  } catch {
    return false;
  }
}

export function make(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch {
    return existsSync(folder);
  }
}

const ours = /^deckhand-([0-9a-f]+)-(\d+)$/;

/** The name of a host's group: what it is of, and which process it is, so that those of dead hosts are known. */
export const groupName = (key: string): string => `deckhand-${key}-${process.pid}`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Puts away what hosts have left that were killed. Processes are ended only in groups of our own key; of others, which
 * may be alive where we cannot see their process, an empty group goes, and is made again when it is wanted.
 */
export async function sweep(parent: string, key: string): Promise<void> {
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    const [, of, pid = ""] = ours.exec(name) ?? [];
    if (of === undefined || alive(Number(pid))) continue;
    if (of === key) await endGroup(join(parent, name));
    else removeEmpty(join(parent, name));
  }
}

function removeEmpty(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
    rmdirSync(folder);
  } catch {
    // Not empty, or not ours.
  }
}

const removeTries = 100;

/** Ends every process of a group and of those below it, and removes them. Bounded: a group that stays is left empty. */
export async function endGroup(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await endGroup(join(folder, entry.name));
  for (let tries = 0; tries < removeTries; tries += 1) {
    for (const pid of (read(folder, "cgroup.procs") ?? "").split("\n")) if (pid !== "") end(Number(pid));
    try {
      rmdirSync(folder);
      return;
    } catch {
      // Still busy: a process that was ended has to be gone first.
      await sleep(Math.min(5 + tries, 50));
    }
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
