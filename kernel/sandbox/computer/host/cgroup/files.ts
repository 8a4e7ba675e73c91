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
    mkdirSync(folder);
    return true;
  } catch {
    return existsSync(folder);
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
