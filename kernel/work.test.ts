import { expect, test } from "vitest";
import { limits } from "./limits.ts";
import { bytesMs, Work } from "./work.ts";

const slices = () => {
  let paused = 0;
  const pause = async () => void (paused += 1);
  return { pause, paused: () => paused };
};

test("work ends a slice when it is used up, and others are served before it goes on", async () => {
  const order: string[] = [];
  const work = new Work({ budgetMs: Infinity });
  const mine = (async () => {
    for (let n = 0; n < 6; n += 1) {
      await work.spend(limits.work.sliceMs);
      order.push("mine");
    }
  })();
  // Each of the others comes with a timer or a socket, as a request does.
  const others = (async () => {
    for (let n = 0; n < 4; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      order.push("other");
    }
  })();
  await Promise.all([mine, others]);
  expect(order.indexOf("other")).toBeLessThan(2);
  expect(order.join(" ")).not.toContain("mine mine mine");
});

test("what belongs together has one slice and one budget", async () => {
  const { pause, paused } = slices();
  const program = new Work({ budgetMs: 100, pause });
  const calls = Array.from({ length: 4 }, () => new Work({ parent: program, pause }));
  await Promise.all(calls.map((call) => call.spend(limits.work.sliceMs / 4)));
  expect(paused()).toBe(1);
  expect(program.spentMs).toBe(limits.work.sliceMs);
  await expect(calls[0]?.spend(100)).rejects.toMatchObject({ code: "limit.cpu" });
  await expect(calls[1]?.spend(1)).rejects.toMatchObject({ code: "limit.cpu" });
});

test("a bound for a while tells when it is used up, names itself, and is gone afterwards", async () => {
  const work = new Work({ budgetMs: 1000, pause: slices().pause });
  await work.spend(50);
  let over = 0;
  const free = work.limit(20, () => (over += 1));
  await work.spend(20);
  expect(over).toBe(0);
  await expect(work.spend(1)).rejects.toThrow("limits.isolate.cpuMs");
  expect(over).toBe(1);
  expect(free()).toBe(21);
  await work.spend(900);
  await expect(work.spend(1000)).rejects.toThrow("limits.work.maxCallMs");
});

test("bytes cost the same wherever it runs: no clock is asked", () => {
  expect(bytesMs(limits.work.bytesPerMs * 3)).toBe(3);
});
