import { readdirSync, readFileSync } from "node:fs";

export interface Running {
  pid: number;
  group: number;
  /** The program's own name for itself, as `ps` shows it. */
  command: string;
  /** Memory it has in the machine, in bytes. */
  memoryBytes: number;
  /** Time of a processor that it has had, in milliseconds; counted in steps of ten. */
  cpuMs: number;
}

const pageBytes = 4096;
/** Of a step of the kernel's clock; 100 a second on every Linux that there is. */
const tickMs = 10;

function read(pid: number): Running | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const after = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const state = after[0];
    if (state === "Z" || state === "X") return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const [group, user, system, pages] = [2, 11, 12, 21].map((field) => Number(after[field]));
    if (group === undefined || user === undefined || system === undefined || pages === undefined) return null;
    return { pid, group, command, memoryBytes: pages * pageBytes, cpuMs: (user + system) * tickMs };
  } catch {
    // It has ended meanwhile.
    return null;
  }
}

/** Every process of this machine that may be looked at. Linux only. */
export function processes(): Running[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));
}

/** Those that were started with a variable or an argument that has this text. */
export function startedWith(text: string): Running[] {
  return processes().filter(({ pid, command }) => {
    try {
      return command.includes(text) || readFileSync(`/proc/${pid}/environ`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}
