import { expect, test } from "vitest";
import { candidates } from "./find.ts";

test("version 1: each controller's own tree, below the group this process is in", () => {
  const found = candidates(
    "8:pids:/\n4:memory:/outer/inner\n2:cpu,cpuacct:/\n0::/\n",
    [
      "30 29 0:25 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
      "31 29 0:26 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids",
      "32 29 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
      "33 29 0:28 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
    ].join("\n"),
  );
  expect(found.v1).toEqual({
    memory: "/sys/fs/cgroup/memory/outer/inner",
    pids: "/sys/fs/cgroup/pids",
    cpu: "/sys/fs/cgroup/cpu,cpuacct",
  });
  expect(found.v2).toEqual(["/sys/fs/cgroup/unified"]);
});

test("version 2 on a desktop: the session's group and all above it", () => {
  const found = candidates(
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/term.scope\n",
    "30 29 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate",
  );
  expect(found.v1).toEqual({ memory: null, pids: null, cpu: null });
  expect(found.v2).toEqual([
    "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/term.scope",
    "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice",
    "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service",
    "/sys/fs/cgroup/user.slice/user-1000.slice",
    "/sys/fs/cgroup/user.slice",
    "/sys/fs/cgroup",
  ]);
});

test("in a container that mounts its own part of the tree, the part is the root", () => {
  const found = candidates(
    "4:memory:/docker/abc\n",
    "1 2 0:3 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
  );
  expect(found.v1.memory).toBe("/sys/fs/cgroup/memory");
});

test("nothing mounted: nothing found", () => {
  expect(candidates("", "")).toEqual({ v1: { memory: null, pids: null, cpu: null }, v2: [] });
});
