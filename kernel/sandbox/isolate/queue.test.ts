import { describe, expect, it } from "vitest";
import { Queue } from "./queue.ts";

describe("Queue", () => {
  it("of 12 runs 10 are in flight, two wait with a visible place, and enter in their order", async () => {
    const queue = new Queue(10, 40);
    const places: Record<number, number[]> = {};
    const entered: number[] = [];
    const runs = Array.from({ length: 12 }, (_, index) =>
      queue
        .enter(undefined, (position) => (places[index] ??= []).push(position))
        .then((release) => {
          entered.push(index);
          return release;
        }),
    );
    const releases = await Promise.all(runs.slice(0, 10));
    expect([queue.inFlight, queue.queued]).toEqual([10, 2]);
    releases[3]?.();
    (await runs[10])?.();
    await runs[11];
    expect(places).toEqual({ 10: [1], 11: [2, 1] });
    expect(entered.slice(10)).toEqual([10, 11]);
    expect([queue.inFlight, queue.queued]).toEqual([10, 0]);
  });

  it("a full line turns the next one away with limit.queue", async () => {
    const queue = new Queue(1, 1);
    const release = await queue.enter();
    const second = queue.enter();
    await expect(queue.enter()).rejects.toMatchObject({ code: "limit.queue", retryable: true });
    release();
    (await second)();
    expect(queue.inFlight).toBe(0);
  });

  it("who gives up leaves the line and those behind move up", async () => {
    const queue = new Queue(1, 5);
    const release = await queue.enter();
    const stop = new AbortController();
    const seen: number[] = [];
    const second = queue.enter(stop.signal);
    const third = queue.enter(undefined, (position) => seen.push(position));
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: "tool.interrupted" });
    expect(seen).toEqual([2, 1]);
    release();
    await third;
    await expect(queue.enter(stop.signal)).rejects.toMatchObject({ code: "tool.interrupted" });
  });

  it("giving a place back twice frees one place only", async () => {
    const queue = new Queue(2, 5);
    const release = await queue.enter();
    await queue.enter();
    release();
    release();
    expect(queue.inFlight).toBe(1);
  });
});
