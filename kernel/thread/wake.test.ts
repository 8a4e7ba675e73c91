import { describe, expect, test } from "vitest";
import { ownAlarm, Wake } from "./wake.ts";

/** An object's alarm, as its storage keeps it. */
function object() {
  const state: { alarm: number | null } = { alarm: null };
  const kept = new Map<string, unknown>();
  const kv = {
    get: (key: string) => kept.get(key),
    put: (key: string, value: unknown) => void kept.set(key, value),
    delete: (key: string) => kept.delete(key),
  } as unknown as SyncKvStorage;
  const storage = {
    kv,
    setAlarm: async (at: number) => void (state.alarm = at),
    deleteAlarm: async () => void (state.alarm = null),
  };
  const clock = { now: 1_000 };
  const wake = new Wake(storage, () => clock.now);
  const base = ownAlarm({ storage } as unknown as DurableObjectState, wake).storage;
  /** The same object, opened again. */
  const again = () => new Wake(storage, () => clock.now);
  return { state, wake, base, clock, again };
}

describe("the object's one alarm", () => {
  test("comes at the earliest time that was asked for", () => {
    const { state, wake } = object();
    wake.by(5_000);
    wake.by(9_000);
    expect(state.alarm).toBe(5_000);
    wake.within(500);
    expect(state.alarm).toBe(1_500);
  });

  test("B4 is not taken away by the base class, which thinks that it is its own", async () => {
    const { state, wake, base } = object();
    wake.by(5_000);
    await base.deleteAlarm();
    expect(state.alarm).toBe(5_000);
    await base.setAlarm(9_000);
    expect(state.alarm).toBe(5_000);
    await base.setAlarm(2_000);
    expect(state.alarm).toBe(2_000);
  });

  test("after it has come, the next is the earlier one of ours and the base's, or none", async () => {
    const { state, wake, base } = object();
    wake.by(2_000);
    await base.setAlarm(9_000);
    wake.fired();
    wake.next(20_000);
    expect(state.alarm).toBe(9_000);
    await base.deleteAlarm();
    wake.next(20_000);
    expect(state.alarm).toBe(20_000);
    wake.next(null);
    expect(state.alarm).toBeNull();
  });

  test("B4 a cold object knows when the base wants to be woken, and wakes it for nothing else", async () => {
    const { wake, base, clock, again } = object();
    expect(wake.baseDue).toBe(false);
    await base.setAlarm(9_000);
    const cold = again();
    expect(cold.baseDue).toBe(false);
    clock.now = 9_000;
    expect(cold.baseDue).toBe(true);
    await base.deleteAlarm();
    expect(again().baseDue).toBe(false);
  });
});
