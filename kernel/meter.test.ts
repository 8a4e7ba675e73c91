import { expect, test } from "vitest";
import { meter, metered } from "./meter.ts";

/** Storage whose cursors count while they are read. */
function state() {
  const exec = (query: string) => {
    const cursor = { rowsRead: 0, rowsWritten: query.startsWith("INSERT") ? 2 : 0, all: () => (cursor.rowsRead = 7) };
    return cursor;
  };
  const alarms: number[] = [];
  const storage = { sql: { exec }, setAlarm: async (at: number) => void alarms.push(at) };
  return { alarms, ctx: { storage } as unknown as DurableObjectState };
}

test("rows are counted as they are read and written, and alarms as they are set", async () => {
  const { ctx, alarms } = state();
  const { storage } = meter(ctx, { LOCAL: "1" }, "Tried");
  const read = () => (storage.sql.exec("SELECT") as unknown as { all(): void }).all();
  read();
  storage.sql.exec("INSERT");
  await storage.setAlarm(5);
  expect(metered()["Tried"]).toEqual({ rowsRead: 7, rowsWritten: 2, alarmsSet: 1 });
  read();
  expect(metered()["Tried"]?.rowsRead).toBe(14);
  expect(alarms).toEqual([5]);
});

test("an object that is not on a laptop keeps its own storage", () => {
  const { ctx } = state();
  const { storage } = ctx;
  expect(meter(ctx, {}, "Elsewhere").storage).toBe(storage);
  expect(metered()["Elsewhere"]).toBeUndefined();
});
