import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { ThreadObject } from "../../kernel/thread/index.ts";
import { crash, evict, seen, threadOf } from "./crash.ts";
import { Place, rootOf, soon } from "./turns.ts";

/** Names of tables, and how many of them are the base class's own. */
const tables = (id: Parameters<typeof threadOf>[0]) =>
  runInDurableObject(threadOf(id), (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name),
  );
const ofBase = (names: string[]) => names.filter((name) => name.startsWith("cf_agent"));

test("a thread is an Agent whose tables are made when it uses them: its schedules outlive crash and sleep", async () => {
  const place = new Place();
  const asked = place.message("ada", "echo hello");
  await place.channel.intake(asked);
  await seen(asked.thread, (trace) => trace.some((one) => one.event.type === "turn.finished"));
  await runDurableObjectAlarm(threadOf(asked.thread));
  expect(ofBase(await tables(asked.thread))).toEqual([]);

  const inThread = <T>(work: (thread: ThreadObject) => Promise<T>) =>
    runInDurableObject(threadOf(asked.thread), (thread) => work(thread as unknown as ThreadObject));
  const soonAfter = await inThread((thread) => thread.schedule(1, "endNested", "nobody"));
  const never = await inThread((thread) => thread.schedule(3_600, "endNested", "nobody"));
  expect(ofBase(await tables(asked.thread)).length).toBeGreaterThan(4);
  await crash(asked.thread);
  await evict(asked.thread);

  const left = () => inThread(async (thread) => (await thread.listSchedules()).map(({ id }) => id));
  expect((await left()).toSorted()).toEqual([soonAfter.id, never.id].toSorted());
  await vi.waitFor(async () => expect(await left()).toEqual([never.id]), soon);

  // And turns go on beside it.
  const again = place.message("ada", "echo and again", rootOf(asked.thread));
  await place.channel.intake(again);
  await seen(again.thread, (trace) => trace.filter((one) => one.event.type === "turn.finished").length === 2);
});
