import { limits } from "../../../limits.ts";
import type { Holds } from "./cgroup/groups.ts";

const mib = (bytes: number) => `${bytes / 1024 ** 2} MiB`;

/** Which limits hold in a jail here, in words; what does not hold is said too. */
export function limitsSaid(holds: Holds): string {
  const { memoryBytes, maxTasks, diskBytes } = limits.computer;
  const by = holds.version === null ? "" : ` (cgroup v${holds.version})`;
  return [
    holds.memory ? `memory ${mib(memoryBytes)}${by}` : "memory is not limited: there is no control group to be had",
    holds.tasks ? `${maxTasks} processes${by}` : `${maxTasks} processes (rlimit)`,
    holds.cpu ? `a share of the CPU${by}` : "a lower priority on the CPU",
    `disk ${mib(diskBytes)} (looked at every second)`,
  ].join(", ");
}
