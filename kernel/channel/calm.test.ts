import { describe, expect, test } from "vitest";
import { calm } from "./calm.ts";

/** A clock on which each pause takes what is listed, the last again and again. */
function machine(pauses: number[]) {
  let time = 1_000;
  let waits = 0;
  return {
    now: () => time,
    wait: async () => {
      time += pauses[Math.min(waits, pauses.length - 1)] ?? 0;
      waits += 1;
    },
    waits: () => waits,
  };
}
const bounds = { pauseMs: 15, maxLagMs: 25, maxHoldMs: 1_000 };

describe("before an input is handed over", () => {
  test("one pause is enough while the isolate keeps up", async () => {
    const { waits, ...io } = machine([16]);
    await calm({ ...io, ...bounds });
    expect(waits()).toBe(1);
  });

  test("pauses that end late are waited out", async () => {
    const { waits, ...io } = machine([120, 90, 15]);
    await calm({ ...io, ...bounds });
    expect(waits()).toBe(3);
  });

  test("an isolate that never keeps up is held against nobody for longer than the bound", async () => {
    const { waits, ...io } = machine([300]);
    await calm({ ...io, ...bounds });
    expect(waits()).toBe(4);
  });
});
