import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { watch, type WatchIo, type WatchOptions } from "./watchdog.ts";

type Answer = "ok" | "hang" | "refuse" | 404 | 500;

/** A world with a clock that jumps to the next sleeper, and a Worker whose answers are listed. */
function world(answers: (look: number) => Answer, some: Partial<WatchOptions> = {}) {
  let time = 0;
  let looks = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const said: string[] = [];
  const told: boolean[] = [];
  const restarted: number[] = [];
  const io: WatchIo = {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const sleeper = { at: time + ms, wake: () => resolve(undefined) };
        sleepers.push(sleeper);
        signal.addEventListener("abort", () => {
          sleepers.splice(sleepers.indexOf(sleeper) >>> 0, 1);
          reject(signal.reason as Error);
        });
      }),
    fetch: (_, { signal }) => {
      const answer = answers((looks += 1));
      if (answer === "refuse") return Promise.reject(new TypeError("refused"));
      if (answer !== "hang") return Promise.resolve({ status: answer === "ok" ? 200 : answer });
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    },
  };
  const dog = watch(
    {
      healthUrl: "http://127.0.0.1:1/health",
      intervalMs: 1000,
      timeoutMs: 500,
      failures: 3,
      restart: async () => void restarted.push(time),
      log: (text) => said.push(text),
      onAway: (away) => told.push(away),
      ...some,
    },
    io,
  );
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return {
    dog,
    said,
    told,
    restarted,
    sleepers,
    looks: () => looks,
    async until(end: number) {
      for (;;) {
        await settle();
        const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        time = next.at;
        sleepers.splice(sleepers.indexOf(next), 1);
        next.wake();
      }
      time = end;
    },
  };
}

describe("the watchdog", () => {
  it("leaves a Worker alone that answers, also with a 404", async () => {
    const w = world((look) => (look % 2 ? "ok" : 404));
    await w.until(60_000);
    expect(w.looks()).toBe(60);
    expect(w.restarted).toEqual([]);
    w.dog.stop();
  });

  it.each(["hang", "refuse", 500] as const)("restarts it after three looks in a row that %s", async (kind) => {
    const w = world((look) => (look >= 3 && look <= 5 ? kind : "ok"));
    await w.until(20_000);
    expect(w.restarted).toHaveLength(1);
    expect(w.said).toEqual(["The Worker has not answered 3 times in a row: restarting it.", "The Worker is back."]);
    expect(w.told).toEqual([true, false]);
    w.dog.stop();
  });

  it("forgets misses when there is an answer between them", async () => {
    const w = world((look) => (look % 3 === 0 ? "ok" : "refuse"));
    await w.until(60_000);
    expect(w.restarted).toEqual([]);
    w.dog.stop();
  });

  it("restarts five times in ten minutes and no more, then goes on when the time is over", async () => {
    const w = world(() => "refuse");
    await w.until(9 * 60_000);
    expect(w.restarted).toHaveLength(5);
    expect(w.said.at(-1)).toContain("left alone for now");
    await w.until(11 * 60_000);
    expect(w.restarted.length).toBeGreaterThan(5);
    w.dog.stop();
  });

  it("a restart that fails is told and tried again", async () => {
    const w = world(() => "refuse", { restart: () => Promise.reject(new Error("port in use")) });
    await w.until(7000);
    expect(w.said).toContain("The restart failed: port in use");
    expect(w.said.filter((text) => text.includes("restarting"))).toHaveLength(2);
    w.dog.stop();
  });

  it("one that answers again while it is left alone is said to be back", async () => {
    const w = world((look) => (look < 30 ? "refuse" : "ok"), {
      restart: () => Promise.reject(new Error("no")),
    });
    await w.until(9 * 60_000);
    expect(w.said.filter((text) => text.includes("left alone"))).toHaveLength(1);
    expect(w.said.at(-1)).toBe("The Worker is back.");
    expect(w.told).toEqual([true, false]);
    w.dog.stop();
  });

  it("waits for no look when a process of it ends, and restarts nothing that comes back by itself", async () => {
    const recovering: (() => void)[] = [];
    const w = world(() => "ok", {
      recover: () => new Promise((resolve) => recovering.push(() => resolve(true))),
    });
    await w.until(100);
    w.dog.ended();
    await w.until(100);
    expect([w.looks(), recovering.length, w.told]).toEqual([0, 1, [true]]);
    // A second end, while the first is waited for, is one more wait and no second notice.
    w.dog.ended();
    recovering[0]?.();
    await w.until(100);
    expect([recovering.length, w.told]).toEqual([2, [true]]);
    recovering[1]?.();
    await w.until(100);
    expect([w.told, w.restarted]).toEqual([[true, false], []]);
    expect(w.said).toEqual(["The Worker's process has ended: it is started again.", "The Worker is back."]);
    await w.until(60_000);
    expect(w.looks()).toBeGreaterThan(50);
    w.dog.stop();
  });

  it.each([
    ["says no", () => Promise.resolve(false)],
    ["fails", () => Promise.reject(new Error("gone"))],
  ])("restarts at once what has ended and does not come back: recovery %s", async (_, recover) => {
    const w = world(() => "ok", { recover });
    await w.until(100);
    w.dog.ended();
    await w.until(100);
    expect([w.restarted, w.told]).toEqual([[100], [true, false]]);
    w.dog.stop();
  });

  it("an end in the middle of a look cuts it, and after a stop says nothing", async () => {
    const w = world(() => "hang", { recover: () => Promise.resolve(true) });
    await w.until(1100);
    w.dog.ended();
    await w.until(1100);
    expect(w.told).toEqual([true, false]);
    w.dog.stop();
    w.dog.ended();
    await w.until(60_000);
    expect([w.told, w.restarted]).toEqual([[true, false], []]);
  });

  it("stops clean, in a pause and in the middle of a look: nothing is waited for or restarted after", async () => {
    const pausing = world(() => "ok");
    await pausing.until(500);
    pausing.dog.stop();
    const looking = world(() => "hang");
    await looking.until(1100);
    looking.dog.stop();
    for (const w of [pausing, looking]) {
      const before = w.looks();
      await w.until(60_000);
      expect([w.looks(), w.sleepers.length, w.restarted.length]).toEqual([before, 0, 0]);
    }
  });
});

describe("the watchdog with a real server", () => {
  const closing: (() => void)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  it("notices one that takes the connection and never answers", async () => {
    const server = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const noticed = await new Promise<boolean>((resolve) => {
      const dog = watch({
        healthUrl: `http://127.0.0.1:${port}/health`,
        intervalMs: 5,
        timeoutMs: 30,
        failures: 2,
        restart: async () => resolve(true),
        log: () => undefined,
      });
      closing.push(() => dog.stop(), () => server.closeAllConnections(), () => server.close()); // oxfmt-ignore
    });
    expect(noticed).toBe(true);
  });
});
