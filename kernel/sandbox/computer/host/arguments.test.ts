import { expect, test } from "vitest";
import { jailArguments, type JailPlan } from "./arguments.ts";

const plan: JailPlan = {
  system: [
    { path: "/usr", link: null },
    { path: "/bin", link: "usr/bin" },
  ],
  etc: [{ from: "/host/etc/passwd", to: "passwd" }],
  workspace: "/host/workspace",
  home: "/host/home",
  r2: "/host/r2",
  run: "/host/run",
  node: "/host/node",
  agent: "/host/agent.mjs",
  bindings: "/host/bindings",
  env: {},
  disableUserns: true,
  seccompFd: 4,
  fileBytes: 1000,
  maxTasks: null,
  nice: false,
};
const of = (some: Partial<JailPlan> = {}) => jailArguments({ ...plan, ...some }, () => true);
const has = (args: string[], ...wanted: string[]) => args.join(" ").includes(wanted.join(" "));

test("a jail shares nothing, ends with its host, and may write in three places and in memory", () => {
  const args = of();
  for (const flag of [
    "--unshare-all",
    "--unshare-user",
    "--disable-userns",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
  ])
    expect(args).toContain(flag);
  const writable = args.flatMap((one, at) => (one === "--bind" ? [args[at + 2]] : []));
  expect(writable).toEqual(["/run/deckhand", "/workspace", "/home/box", "/r2"]);
  // Each in memory has a size: without one a tmpfs may take half of the machine's.
  const inMemory = args.flatMap((one, at) => (one === "--tmpfs" ? [[args[at - 2], args[at + 1]]] : []));
  expect(inMemory).toEqual(["/dev/shm", "/tmp", "/run"].map((at) => ["--size", at]));
  expect(args.lastIndexOf("--remount-ro")).toBeGreaterThan(args.lastIndexOf("--bind"));
  expect(has(args, "--seccomp", "4")).toBe(true);
});

test("variables of a start are added, and can change none of ours", () => {
  const args = of({ env: { PLAIN: "1", PATH: "/evil", LD_PRELOAD: "/x.so", NODE_OPTIONS: "-r /x", BASH_ENV: "/x" } });
  expect(has(args, "--setenv", "PLAIN", "1")).toBe(true);
  expect(args.join(" ")).not.toMatch(/evil|LD_PRELOAD|NODE_OPTIONS|BASH_ENV/);
});

test("where no group holds the number of processes an rlimit does, and where none shares the CPU a lower priority", () => {
  expect(of().join(" ")).not.toMatch(/--nproc|nice/);
  expect(has(of({ maxTasks: 256, nice: true }), "--nproc=256:256", "--", "/usr/bin/nice")).toBe(true);
});
