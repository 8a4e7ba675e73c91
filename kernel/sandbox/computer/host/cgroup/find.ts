import { dirname, join, normalize } from "node:path";

/** Where groups of this process' own might be made. Which of them can be is tried, not read. */
export interface Candidates {
  /** Of version 1: each controller has a tree of its own. Null where it is not mounted. */
  v1: { memory: string | null; pids: string | null; cpu: string | null };
  /** Of version 2, the nearest first: this process' group and those above it. */
  v2: string[];
}

interface Mount {
  root: string;
  at: string;
  type: string;
  options: string[];
}

/** One line of /proc/self/mountinfo: `36 35 98:0 /root /at opts - type source superopts`. */
function readMount(line: string): Mount | null {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , root, at] = before.split(" ");
  const [type, , options = ""] = after.split(" ");
  return root && at && type ? { root, at, type, options: options.split(",") } : null;
}

/** The folder of a group below its mount; a mount of a part of the tree shows only what is below that part. */
function folderOf(mount: Mount, group: string): string {
  const below =
    group === mount.root || mount.root === "/" ? group.slice(mount.root === "/" ? 0 : mount.root.length) : group;
  return normalize(join(mount.at, below.startsWith("/") || below === "" ? below : `/${below}`)).replace(/(.)\/$/, "$1");
}

/** @param cgroup the text of /proc/self/cgroup @param mountinfo the text of /proc/self/mountinfo */
export function candidates(cgroup: string, mountinfo: string): Candidates {
  const mounts = mountinfo
    .split("\n")
    .map(readMount)
    .filter((mount) => mount !== null);
  const groups = cgroup.split("\n").flatMap((line) => {
    const [id = "", controllers = "", ...path] = line.split(":");
    return id === "" ? [] : [{ unified: id === "0", controllers: controllers.split(","), path: path.join(":") }];
  });
  const v1 = (controller: string): string | null => {
    const mount = mounts.find((one) => one.type === "cgroup" && one.options.includes(controller));
    const group = groups.find((one) => one.controllers.includes(controller));
    return mount && group ? folderOf(mount, group.path) : null;
  };
  const unified = mounts.find((one) => one.type === "cgroup2");
  const own = groups.find((one) => one.unified);
  const v2: string[] = [];
  if (unified && own)
    for (let at = folderOf(unified, own.path); at.startsWith(unified.at); at = dirname(at)) {
      v2.push(at);
      if (at === unified.at) break;
    }
  return { v1: { memory: v1("memory"), pids: v1("pids"), cpu: v1("cpu") }, v2 };
}
