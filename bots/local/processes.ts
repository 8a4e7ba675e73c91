import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine; its command line with blanks between the words. */
export interface Found {
  pid: number;
  command: string;
}

/** Linux tells by /proc, others by ps. A process that ends meanwhile is left out. */
export function listProcesses(): Found[] {
  return process.platform === "linux" ? fromProc() : parsePs(execFileSync("ps", ["-axww", "-o", "pid=,command="]));
}

function fromProc(): Found[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replace(/\0$/, "").replaceAll("\0", " ");
        return command === "" ? [] : [{ pid: Number(name), command }];
      } catch {
        return [];
      }
    });
}

/**
 * Whether a process has given back its ports and files. On Linux one that is ending has no command line any more while it
 * still holds them; one that has ended and is not asked after holds nothing.
 */
export function isGone(pid: number): boolean {
  try {
    if (process.platform === "linux") return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

export function parsePs(output: Buffer | string): Found[] {
  return output
    .toString()
    .split("\n")
    .flatMap((line) => {
      const [, pid, command] = /^\s*(\d+)\s+(\S.*)$/.exec(line) ?? [];
      return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
    });
}
