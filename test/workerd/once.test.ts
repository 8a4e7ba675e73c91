import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { limits } from "../../kernel/limits.ts";
import { crash, seen, threadOf } from "./crash.ts";
import { write } from "./interleavings/town.ts";
import { slowNames } from "./plain.ts";
import { ofType, Place, until } from "./turns.ts";

afterEach(() => {
  slowNames.until = null;
});

test("B4 what a call has told is told once, also when a crash kept its end from being written down", async () => {
  const place = new Place();
  await write("ada", "sites/once/index.html", "<h1>once</h1>");
  const asked = place.message("ada", "publish the site once");
  await place.channel.intake(asked);
  const card = await until(() => ofType(asked.thread, "approval.requested").at(-1)?.card);
  await place.channel.intake(place.press(asked.thread, "ada", "approve", card.approval));
  const decision = `decision:${card.approval}`;
  const ended = (times: number) =>
    seen(asked.thread, (trace) => {
      const ends = trace.filter((one) => one.turn === decision && one.event.type === "turn.finished");
      return ends.length === times && trace;
    });
  await ended(1);

  // As it is on disk after a crash between what the call told and its end.
  await runInDurableObject(threadOf(asked.thread), (_, { storage }) => {
    const [row] = storage.sql.exec("SELECT seq FROM turn WHERE id = ?", decision).toArray();
    storage.sql.exec("DELETE FROM step WHERE turn = ? AND n > 0", Number(row?.["seq"]));
    storage.sql.exec("UPDATE call SET state = 'running', output = NULL WHERE turn = ?", Number(row?.["seq"]));
    storage.sql.exec("UPDATE turn SET state = 'running' WHERE id = ?", decision);
  });
  await crash(asked.thread);
  const trace = await ended(2);
  const times = (type: string) => trace.filter((one) => one.event.type === type).length;
  expect(times("site.published")).toBe(1);
  expect(trace.filter((one) => one.turn === decision && one.event.type === "turn.started")).toHaveLength(2);
});

test("B4 an alarm that comes while a turn is open sets the next one, so that a crash after it loses nothing", async () => {
  const place = new Place();
  const named = Promise.withResolvers<void>();
  slowNames.until = named.promise;
  const asked = place.message("ada", "echo here it is");
  await place.channel.intake(asked);
  await seen(asked.thread, () => true);
  expect(await runDurableObjectAlarm(threadOf(asked.thread))).toBe(true);
  const left = await crash(asked.thread);
  expect(left.open).toBe(1);
  expect(left.alarm ?? Infinity).toBeLessThanOrEqual(Date.now() + limits.turn.wakeMs);
  slowNames.until = null;
  named.resolve();
  // Nobody asks for it: its alarm does.
  await until(() => ofType(asked.thread, "turn.finished").length === 1);
});
