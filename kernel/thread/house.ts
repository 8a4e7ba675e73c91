import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { ApprovalStore } from "../approvals/store.ts";
import type { ChatPort } from "../chat/types.ts";
import { systemClock, type Clock } from "../clock.ts";
import type { KernelEnv } from "../env.ts";
import { unwrap } from "../errors.ts";
import { EventStore } from "../events/store.ts";
import { ThreadId, type UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import { kernelStub } from "../stubs.ts";
import { Delivery } from "./delivery.ts";
import { LiveText } from "./live.ts";
import { PressStore } from "./presses.ts";
import { Recorder } from "./recorder.ts";
import { openTables } from "./tables.ts";
import { SightStore } from "./turn/sights.ts";
import { TurnStore } from "./turn/store.ts";
import type { Wake } from "./wake.ts";

/** The tables of a thread and what shows them. */
export interface House {
  id: ThreadId;
  env: KernelEnv;
  db: DrizzleSqliteDODatabase;
  events: EventStore;
  turns: TurnStore;
  approvals: ApprovalStore;
  sights: SightStore;
  presses: PressStore;
  delivery: Delivery;
  recorder: Recorder;
  wake: Wake;
  port: ChatPort;
  now: Clock;
}

export async function openHouse(
  ctx: DurableObjectState,
  env: KernelEnv,
  wake: Wake,
  portOf: (thread: ThreadId) => ChatPort,
): Promise<House> {
  const id = ThreadId.parse(ctx.id.name);
  const db = await openTables(ctx.storage);
  const now = systemClock;
  const events = new EventStore(db);
  const live = new LiveText();
  const port = portOf(id);
  const traceUrl = env.LOCAL === "1" ? `${env.PUBLIC_URL}/threads/${encodeURIComponent(id)}/trace` : null;
  const wait = (ms: number) => scheduler.wait(ms);
  const file = async (path: string, principal: UserId, sha256?: string) => {
    const only = sha256 === undefined ? {} : { sha256 };
    return unwrap(
      await kernelStub(env, principal).readSight({ thread: id, path, maxBytes: limits.files.maxBytes, ...only }),
    );
  };
  const delivery = new Delivery({ db, events, live, thread: id, port, now, wait, traceUrl, file });
  return {
    id,
    env,
    db,
    events,
    turns: new TurnStore(db),
    approvals: new ApprovalStore(db),
    sights: new SightStore(db),
    presses: new PressStore(db),
    delivery,
    recorder: new Recorder(events, live, delivery, now),
    wake,
    port,
    now,
  };
}
