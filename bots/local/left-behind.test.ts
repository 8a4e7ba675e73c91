import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { endLeftBehind, kindOf, type EndIo } from "./left-behind.ts";
import { isGone, listProcesses, parsePs, type Found } from "./processes.ts";

const folder = "/home/ada/.deckhand";
const workerd = `${folder}/workerd serve --binary --experimental --control-fd=3 -`;
const host = `/usr/bin/node --disable-warning=X /src/kernel/sandbox/computer/host/main.ts ${folder}/computers`;

describe("what a start has left is known by its command line", () => {
  test.each([
    [workerd, "workerd"],
    [host, "host"],
    // Of another folder, also one whose name only begins alike.
    ["/home/ada/.deckhand2/workerd serve --binary", null],
    [`/usr/bin/node /src/kernel/sandbox/computer/host/main.ts ${folder}2/computers`, null],
    [`/usr/bin/node /src/kernel/sandbox/computer/host/main.ts ${folder}/computers/x`, null],
    // Only names it.
    [`vim ${workerd}`, null],
    [`${folder}/workerd --version`, null],
    [`tail -f ${folder}/computers`, null],
    ["/opt/node_modules/workerd serve --binary", null],
    ["", null],
  ])("%s: %s", (command, kind) => {
    expect(kindOf(command, folder)).toBe(kind);
  });
});

/** Processes that end when they are killed, or `dies` milliseconds after the beginning, and are gone `goneAfter` later. */
function machine(processes: (Found & { dies?: number })[], goneAfter = 0) {
  let time = 0;
  const killed: { pid: number; at: number }[] = [];
  const io: EndIo = {
    list: () => processes.filter(({ pid, dies = Infinity }) => dies > time && !killed.some((one) => one.pid === pid)),
    isGone: (pid) => killed.every((one) => one.pid !== pid || time >= one.at + goneAfter),
    kill: (pid) => killed.push({ pid, at: time }),
    now: () => time,
    sleep: async (ms) => void (time += ms),
  };
  return { io, killed, now: () => time };
}

test("workerds are killed at once, a host is let put its boxes away, others are not touched", async () => {
  const { io, killed } = machine([
    { pid: 1, command: "/sbin/init" },
    { pid: 10, command: workerd },
    { pid: 11, command: workerd },
    { pid: 12, command: host, dies: 500 },
    { pid: 13, command: "/home/grace/.deckhand/workerd serve --binary" },
  ]);
  expect(await endLeftBehind(folder, io)).toBe(3);
  expect(killed).toEqual([
    { pid: 10, at: 0 },
    { pid: 11, at: 0 },
  ]);
});

test("a host that does not end is ended in the end", async () => {
  const { io, killed } = machine([{ pid: 12, command: host }]);
  expect(await endLeftBehind(folder, io)).toBe(1);
  expect(killed).toHaveLength(1);
  expect(killed[0]?.at).toBeGreaterThan(10_000);
});

test("one that is ending still holds its port: it is waited for, but not for ever", async () => {
  const slow = machine([{ pid: 10, command: workerd }], 300);
  await endLeftBehind(folder, slow.io);
  expect(slow.now()).toBeGreaterThanOrEqual(300);
  const never = machine([{ pid: 10, command: workerd }], Infinity);
  expect(await endLeftBehind(folder, never.io)).toBe(1);
  expect(never.killed).toHaveLength(1);
});

test("nothing is waited for when nothing is left", async () => {
  const { io, killed } = machine([{ pid: 1, command: "/sbin/init" }]);
  expect(await endLeftBehind(folder, io)).toBe(0);
  expect(killed).toEqual([]);
});

test("a process that lives is not gone, and one that has ended is", async () => {
  const child = spawn("sleep", ["600"]);
  await once(child, "spawn");
  const { pid = 0 } = child;
  expect(isGone(pid)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isGone(pid)).toBe(true);
});

test("this process is in the list of this machine, with its command line", () => {
  const own = listProcesses().find(({ pid }) => pid === process.pid);
  expect(own?.command).toContain("node");
});

test("the list of ps is read as that of /proc is", () => {
  const lines = `    1 /sbin/launchd\n  402 ${workerd}\nstrange\n 7 \n`;
  expect(parsePs(lines)).toEqual([
    { pid: 1, command: "/sbin/launchd" },
    { pid: 402, command: workerd },
  ]);
});
