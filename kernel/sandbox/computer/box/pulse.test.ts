import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pulse } from "./pulse.ts";

const everyMs = 1_000;
const never = () => new Promise<never>(() => {});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function pulse(ping: () => Promise<unknown>, mayMiss = 2) {
  const ended: number[] = [];
  let pings = 0;
  const made = new Pulse({
    everyMs,
    ping: () => {
      pings += 1;
      return ping();
    },
    mayMiss: () => mayMiss,
    end: async () => {
      ended.push(pings);
      return "It starts anew.";
    },
  });
  return { made, ended, pings: () => pings };
}
/** How a call ended, as soon as it has. */
function watched(work: Promise<unknown>) {
  const seen = { end: "" };
  void work.then(
    (value) => (seen.end = String(value)),
    (thrown: { code: string; userMessage: string }) => (seen.end = `${thrown.code} ${thrown.userMessage}`),
  );
  return seen;
}

test("a short call is not listened to, and leaves no timer", async () => {
  const { made, pings } = pulse(never);
  expect(await made.during(async () => "done")).toBe("done");
  await vi.advanceTimersByTimeAsync(10 * everyMs);
  expect([pings(), vi.getTimerCount()]).toEqual([0, 0]);
});

test("a long call of a box that answers goes on, also one that answers with an error", async () => {
  for (const ping of [async () => "pong", async () => Promise.reject(new Error("broken"))]) {
    const { made, ended, pings } = pulse(ping);
    const { promise, resolve } = Promise.withResolvers<string>();
    const call = watched(made.during(() => promise));
    await vi.advanceTimersByTimeAsync(60 * everyMs);
    expect([pings() > 20, ended, call.end]).toEqual([true, [], ""]);
    resolve("done");
    await vi.advanceTimersByTimeAsync(0);
    expect([call.end, vi.getTimerCount()]).toEqual(["done", 0]);
  }
});

test("a box that answers nothing is ended once, and all who wait are told why", async () => {
  const { made, ended } = pulse(never);
  const calls = [watched(made.during(never)), watched(made.during(never))];
  await vi.advanceTimersByTimeAsync(2 * everyMs);
  expect(calls[0]?.end).toBe("");
  await vi.advanceTimersByTimeAsync(2 * everyMs);
  expect(ended).toEqual([2]);
  for (const { end } of calls) expect(end).toMatch(/^computer\.interrupted .* It starts anew\./);
  expect(vi.getTimerCount()).toBe(0);
});

test("one ping that is late ends nothing", async () => {
  let answers = 0;
  const { made, ended } = pulse(() => (++answers % 2 === 1 ? never() : Promise.resolve()));
  const call = watched(made.during(never));
  await vi.advanceTimersByTimeAsync(50 * everyMs);
  expect([ended, call.end]).toEqual([[], ""]);
});

test("a call that comes after one that was short is listened to from its own beginning", async () => {
  const { made, ended } = pulse(never, 1);
  await made.during(async () => undefined);
  const call = watched(made.during(never));
  await vi.advanceTimersByTimeAsync(everyMs);
  expect([ended, call.end]).toEqual([[], ""]);
  await vi.advanceTimersByTimeAsync(everyMs);
  expect(ended).toEqual([1]);
  expect(call.end).toMatch(/^computer\.interrupted/);
});

test("a box that cannot even be ended keeps nobody waiting", async () => {
  const made = new Pulse({ everyMs, ping: never, mayMiss: () => 1, end: never });
  const call = watched(made.during(never));
  await vi.advanceTimersByTimeAsync(3 * everyMs);
  expect(call.end).toMatch(/could not be ended either/);
});

test("a call that breaks because its box is ended is told why it was", async () => {
  const work = Promise.withResolvers<never>();
  const box = Promise.withResolvers<string>();
  const end = () => {
    work.reject(new Error("the connection broke"));
    return box.promise;
  };
  const call = watched(new Pulse({ everyMs, ping: never, mayMiss: () => 1, end }).during(() => work.promise));
  await vi.advanceTimersByTimeAsync(2 * everyMs);
  expect(call.end).toBe("");
  box.resolve("It starts anew.");
  await vi.advanceTimersByTimeAsync(0);
  expect(call.end).toMatch(/^computer\.interrupted .* It starts anew\./);
});
