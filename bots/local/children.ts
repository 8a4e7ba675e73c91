import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";

export interface Child {
  pid: number;
  args: readonly string[];
}

/**
 * Tells of each process that this one starts from a command, and of its end as soon as it ends, whoever in this process
 * has started it: wrangler keeps its own to itself.
 */
export function followChildren(
  command: string,
  heard: { started(child: Child): void; ended(child: Child): void },
): { stop(): void } {
  const follow = (message: unknown): void => {
    const { process: child } = message as { process: ChildProcess };
    // What it runs is known once it runs.
    child.once("spawn", () => {
      if (child.spawnfile !== command || child.pid === undefined) return;
      const known = { pid: child.pid, args: child.spawnargs };
      child.once("exit", () => heard.ended(known));
      heard.started(known);
    });
  };
  subscribe("child_process", follow);
  return { stop: () => unsubscribe("child_process", follow) };
}
