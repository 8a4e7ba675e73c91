import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import type { StampedEvent } from "../../kernel/events/types.ts";
import type { ThreadId, UserId } from "../../kernel/ids.ts";
import { kernelStub, threadStub } from "../../kernel/stubs.ts";
import { bindings } from "./desk.ts";
import { soon } from "./turns.ts";

/** What an object leaves behind in the moment in which it is taken away. */
export interface Left {
  alarm: number | null;
  /** Turns that have not ended. */
  open: number;
}

export const threadOf = (id: ThreadId) => bindings.THREAD.getByName(id);
/** The same as those that call it know it. */
export const doorsOf = (id: ThreadId) => threadStub(bindings as never, id);
export const kernelOf = (id: UserId) => kernelStub(bindings as never, id);

/** Takes a Thread away in the middle of whatever it does, and tells what is on its disk. Opens it if it is not there. */
export async function crash(id: ThreadId): Promise<Left> {
  let left: Left = { alarm: null, open: 0 };
  await broken(() =>
    runInDurableObject(threadOf(id), async (_, state) => {
      const alarm = await state.storage.getAlarm();
      const sql = "SELECT count(*) AS n FROM turn WHERE state IN ('queued', 'running')";
      left = { alarm, open: Number(state.storage.sql.exec(sql).one()["n"]) };
      state.abort("crash");
    }),
  );
  return left;
}

export const crashKernel = (id: UserId): Promise<void> =>
  broken(() => runInDurableObject(bindings.KERNEL.getByName(id), (_, state) => state.abort("crash")));

/** The call that ends an object is broken off with it. */
async function broken(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    if (!String(thrown).includes("crash")) throw thrown;
  }
}

/** Takes a Thread away between two requests, as it is after quiet minutes. */
export async function evict(id: ThreadId): Promise<void> {
  // It is asked something first, because only what is there can be taken away.
  await doorsOf(id).eventsAfter(Number.MAX_SAFE_INTEGER);
  await evictDurableObject(threadOf(id));
}

/** The whole trace. */
export async function traceOf(id: ThreadId, after = 0): Promise<StampedEvent[]> {
  const all: StampedEvent[] = [];
  for (;;) {
    const page = await doorsOf(id).eventsAfter(all.at(-1)?.seq ?? after);
    all.push(...page);
    if (page.length < 500) return all;
  }
}

/** Waits until the trace shows something. Asking for it opens the object, if it is not there. */
export const seen = <T>(id: ThreadId, look: (trace: StampedEvent[]) => T | undefined | false): Promise<T> =>
  vi.waitFor(async () => {
    const trace = await traceOf(id);
    const found = look(trace);
    if (!found) throw new Error(`not yet: ${JSON.stringify(trace.map(({ turn, event }) => [turn, event]).slice(-8))}`);
    return found;
  }, soon);
