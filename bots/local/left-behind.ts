import { setTimeout as sleep } from "node:timers/promises";
import { isGone, listProcesses, type Found } from "./processes.ts";
import { stateFiles } from "./state-folder.ts";

/** How long a host of jails may take to end by itself, with its boxes, once its orders have ended. */
const graceMs = 10_000;
const lookMs = 20;

const hostProgram = "kernel/sandbox/computer/host/main.ts";

export type Kind = "workerd" | "host";

/**
 * Whether a process was started for this state folder, by what its command line begins or ends with. A process id
 * written down would not do: by now it may be somebody else's.
 */
export function kindOf(command: string, folder: string): Kind | null {
  const files = stateFiles(folder);
  if (command.startsWith(`${files.workerd} serve `)) return "workerd";
  return command.endsWith(`${hostProgram} ${files.computers}`) ? "host" : null;
}

export interface EndIo {
  list(): Found[];
  isGone(pid: number): boolean;
  kill(pid: number): void;
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const realIo: EndIo = {
  list: listProcesses,
  isGone,
  kill(pid) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself meanwhile.
    }
  },
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
};

/**
 * Ends what an earlier start on this state folder has left, and waits until it is gone. Only for the holder of the
 * folder's lock: that there is none who lives is what makes them left behind. SIGKILL of the main process alone leaves
 * both workerds, which hold its ports and its database. Gives how many there were.
 */
export async function endLeftBehind(folder: string, io: EndIo = realIo): Promise<number> {
  const seen = new Set<number>();
  const began = io.now();
  for (;;) {
    const left = io.list().flatMap(({ pid, command }) => {
      const kind = kindOf(command, folder);
      return kind === null ? [] : [{ pid, kind }];
    });
    const isLate = io.now() - began > graceMs;
    if (left.length === 0 && (isLate || [...seen].every((pid) => io.isGone(pid)))) return seen.size;
    for (const { pid, kind } of left) {
      seen.add(pid);
      // A host puts its boxes away when its orders end, as they do with the main process.
      if (kind === "workerd" || isLate) io.kill(pid);
    }
    await io.sleep(lookMs);
  }
}
