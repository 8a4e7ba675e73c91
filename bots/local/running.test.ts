import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { alreadyRunning, portOf, readRunning, RunningFile, type Running } from "./running.ts";

const nobody: Running = { main: null, workerds: [], jailHost: null, page: null, worker: null, ready: false };
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "running-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("running.json", () => {
  test("says who runs where, to this user alone, and leaves no other file", () => {
    const file = join(folder, "running.json");
    const kept = new RunningFile(file, { ...nobody, main: 7, worker: "http://127.0.0.1:4748" });
    kept.change({ workerds: [{ pid: 8, role: "proxy" }] });
    kept.change({ ready: true });
    expect(readRunning(file)).toEqual({
      ...nobody,
      main: 7,
      workerds: [{ pid: 8, role: "proxy" }],
      worker: "http://127.0.0.1:4748",
      ready: true,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["running.json"]);
  });

  test.each(["", "{", "[]", '{"main":-1}', "123"])("one that cannot be read is none: %j", (text) => {
    const file = join(folder, "running.json");
    writeFileSync(file, text);
    expect(readRunning(file)).toBeNull();
    expect(readRunning(join(folder, "nothing"))).toBeNull();
  });
});

test("a second start is told in one sentence what runs and what to do, with what is known", () => {
  expect(alreadyRunning({ ...nobody, main: 7, page: "http://127.0.0.1:4747" })).toBe(
    "Deckhand is already running here (process 7, http://127.0.0.1:4747): end it with Ctrl-C or `kill 7`, or set DECKHAND_STATE to another folder for a second one.",
  );
  expect(alreadyRunning(null)).toBe(
    "Deckhand is already running here: end it, or set DECKHAND_STATE to another folder for a second one.",
  );
});

test("the port of an address, or none", () => {
  expect([portOf("http://127.0.0.1:4747"), portOf(null), portOf(undefined)]).toEqual([4747, null, null]);
});
