import { expect, test } from "vitest";
import { stayConnected } from "./socket-loop.ts";

/** Runs the loop through `tries`, then ends it: a connection that is closed at once, or why there is none. */
async function run(tries: ("closed" | Error)[], fatal?: Error) {
  const waits: number[] = [];
  const failures: unknown[] = [];
  const end = new AbortController();
  let opened = 0;
  const done = stayConnected({
    open: async () => {
      const next = tries[opened++];
      if (next === undefined) {
        end.abort();
        return { closed: Promise.resolve() };
      }
      if (next instanceof Error) throw next;
      return { closed: Promise.resolve() };
    },
    isFatal: (thrown) => thrown === fatal,
    wait: async (ms) => void waits.push(ms),
    now: () => 0,
    failed: (thrown) => failures.push(thrown),
    signal: end.signal,
  });
  await done;
  return { waits, failures, opened };
}

test("while it cannot be opened the pauses grow up to half a minute", async () => {
  const no = new Error("no network");
  const { waits, failures } = await run(Array.from({ length: 8 }, () => no));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect(failures).toHaveLength(8);
});

test("what is fatal ends it", async () => {
  const fatal = new Error("invalid_auth");
  await expect(run([fatal], fatal)).rejects.toBe(fatal);
});

test("a connection that is closed as soon as it is open is not opened again at once", async () => {
  expect((await run(["closed", "closed", "closed"])).waits).toEqual([1_000, 2_000, 4_000]);
});

test("after one that lived it is opened again at once, and the pauses start small", async () => {
  const end = new AbortController();
  const waits: number[] = [];
  let now = 0;
  let opened = 0;
  await stayConnected({
    open: async () => {
      opened += 1;
      if (opened === 1) throw new Error("no network");
      if (opened === 4) end.abort();
      return { closed: Promise.resolve() };
    },
    isFatal: () => false,
    wait: async (ms) => void waits.push(ms),
    // A minute goes by between two looks.
    now: () => (now += 60_000),
    failed: () => {},
    signal: end.signal,
  });
  expect([opened, waits]).toEqual([4, [1_000]]);
});

test("told to end, it does not open again", async () => {
  const end = new AbortController();
  end.abort();
  let opened = 0;
  const open = async () => {
    opened += 1;
    return { closed: Promise.resolve() };
  };
  const quiet = { isFatal: () => false, wait: async () => {}, now: () => 0, failed: () => {} };
  await stayConnected({ ...quiet, open, signal: end.signal });
  expect(opened).toBe(0);
});
