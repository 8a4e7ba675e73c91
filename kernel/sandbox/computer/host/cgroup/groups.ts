import { readFileSync } from "node:fs";
import { join } from "node:path";
import { limits } from "../../../../limits.ts";
import { endGroup, groupName, make, read, readCounter, readNumber, sweep, write } from "./files.ts";
import { candidates } from "./find.ts";

/** Which of the three a group holds here. */
export interface Holds {
  version: 1 | 2 | null;
  memory: boolean;
  tasks: boolean;
  cpu: boolean;
}

export interface GroupFigures {
  memoryBytes: number | null;
  tasks: number | null;
  memoryKills: number;
  taskRefusals: number;
}

/** The group of one box. */
export interface Group {
  /** A process joins by writing its id into each of these before it becomes the box. */
  joinBy: string[];
  figures(): GroupFigures;
  /** Ends what is left in it, and removes it. */
  end(): Promise<void>;
}

/** The part of the machine's control groups that is ours: one group above the boxes, for their share of the CPU. */
export interface Groups {
  holds: Holds;
  open(id: string): Group;
  close(): Promise<void>;
}

const { memoryBytes, maxTasks } = limits.computer;
const { cpuShares } = limits.jail;
/** cgroup v2 counts from 1 to 10000 around 100 where v1 has 1024. */
const cpuWeight = Math.max(1, Math.round((cpuShares * 100) / 1024));

const nothing: GroupFigures = { memoryBytes: null, tasks: null, memoryKills: 0, taskRefusals: 0 };

function boundable(folder: string, file: string, value: number): boolean {
  const trial = join(folder, "trial");
  const bounded = make(trial) && write(trial, file, String(value)) && readNumber(trial, file) === value;
  void endGroup(trial);
  return bounded;
}

function v1(at: { memory: string | null; pids: string | null; cpu: string | null }, name: string): Groups | null {
  const mine = (folder: string | null) => (folder !== null && make(join(folder, name)) ? join(folder, name) : null);
  const own = { memory: mine(at.memory), pids: mine(at.pids), cpu: mine(at.cpu) };
  // A group that can be made and not be bounded is none.
  if (own.memory && !boundable(own.memory, "memory.limit_in_bytes", memoryBytes)) own.memory = null;
  if (own.pids && !boundable(own.pids, "pids.max", maxTasks)) own.pids = null;
  const folders = Object.values(own).filter((folder) => folder !== null);
  if (folders.length === 0) return null;
  if (own.cpu) write(own.cpu, "cpu.shares", String(cpuShares));
  const holds: Holds = { version: 1, memory: own.memory !== null, tasks: own.pids !== null, cpu: own.cpu !== null };
  return {
    holds,
    open(id) {
      const box = (folder: string | null) => (folder !== null && make(join(folder, id)) ? join(folder, id) : null);
      const [memory, pids, cpu] = [box(own.memory), box(own.pids), box(own.cpu)];
      if (memory) {
        write(memory, "memory.limit_in_bytes", String(memoryBytes));
        // With swap, where the kernel counts it: else a box would push its memory out to the disk.
        write(memory, "memory.memsw.limit_in_bytes", String(memoryBytes));
      }
      if (pids) write(pids, "pids.max", String(maxTasks));
      const all = [memory, pids, cpu].filter((folder) => folder !== null);
      return {
        joinBy: all.map((folder) => join(folder, "cgroup.procs")),
        figures: () => ({
          memoryBytes: memory === null ? null : readNumber(memory, "memory.usage_in_bytes"),
          tasks: pids === null ? null : readNumber(pids, "pids.current"),
          memoryKills: memory ? readCounter(memory, "memory.oom_control", "oom_kill") : 0,
          taskRefusals: pids ? readCounter(pids, "pids.events", "max") : 0,
        }),
        end: async () => {
          for (const folder of all) await endGroup(folder);
        },
      };
    },
    close: async () => {
      for (const folder of folders) await endGroup(folder);
    },
  };
}

function v2(candidate: string, name: string): Groups | null {
  const wanted = "+memory +pids +cpu";
  const enable = (folder: string) => {
    // Together or one by one: cpu is often not handed down.
    if (!write(folder, "cgroup.subtree_control", wanted))
      for (const one of wanted.split(" ")) write(folder, "cgroup.subtree_control", one);
    return (read(folder, "cgroup.subtree_control") ?? "").split(" ");
  };
  const above = (read(candidate, "cgroup.subtree_control") ?? "").split(" ");
  if (!["memory", "pids"].every((one) => above.includes(one)) && !enable(candidate).includes("memory")) return null;
  const own = join(candidate, name);
  if (!make(own)) return null;
  const on = enable(own);
  const holds: Holds = {
    version: 2,
    memory: on.includes("memory"),
    tasks: on.includes("pids"),
    cpu: on.includes("cpu"),
  };
  if (!holds.memory || !holds.tasks) {
    void endGroup(own);
    return null;
  }
  write(own, "cpu.weight", String(cpuWeight));
  return {
    holds,
    open(id) {
      const box = join(own, id);
      make(box);
      write(box, "memory.max", String(memoryBytes));
      write(box, "memory.swap.max", "0");
      write(box, "pids.max", String(maxTasks));
      return {
        joinBy: [join(box, "cgroup.procs")],
        figures: () => ({
          memoryBytes: readNumber(box, "memory.current"),
          tasks: readNumber(box, "pids.current"),
          memoryKills: readCounter(box, "memory.events", "oom_kill"),
          taskRefusals: readCounter(box, "pids.events", "max"),
        }),
        end: () => endGroup(box),
      };
    },
    close: () => endGroup(own),
  };
}

const none: Groups = {
  holds: { version: null, memory: false, tasks: false, cpu: false },
  open: () => ({ joinBy: [], figures: () => nothing, end: () => Promise.resolve() }),
  close: () => Promise.resolve(),
};

/**
 * The control groups we may make, found by making them. What a run before this one left under the key is ended first: a
 * host that was killed cannot do that itself.
 */
export async function findGroups(key: string): Promise<Groups> {
  const found = candidates(readFileSync("/proc/self/cgroup", "utf8"), readFileSync("/proc/self/mountinfo", "utf8"));
  const parents = [found.v1.memory, found.v1.pids, found.v1.cpu, ...found.v2].filter((folder) => folder !== null);
  for (const parent of parents) await sweep(parent, key);
  const name = groupName(key);
  const second = () => found.v2.map((candidate) => v2(candidate, name)).find((groups) => groups !== null);
  // A machine with both mounted has the controllers in version 1.
  return (found.v1.memory === null ? null : v1(found.v1, name)) ?? second() ?? v1(found.v1, name) ?? none;
}
