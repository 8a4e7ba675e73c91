import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import { ApprovalStore } from "../approvals/store.ts";
import type { ChatPort } from "../chat/types.ts";
import { systemClock, type Clock } from "../clock.ts";
import type { KernelEnv } from "../env.ts";
import { EventStore } from "../events/store.ts";
import { unwrap } from "../errors.ts";
import { ThreadId, type UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import { kernelStub } from "../stubs.ts";
import { Delivery } from "./delivery.ts";
import { LiveText } from "./live.ts";
import migrations from "./migrations/migrations.js";
import { Recorder } from "./recorder.ts";
import { SteerStore } from "./steering.ts";
import { TurnStore } from "./turns.ts";

/** What a Thread is made of, besides the agent: opened before the agent is, because recovery needs it at once. */
export interface House {
  id: ThreadId;
  env: KernelEnv;
  db: DrizzleSqliteDODatabase;
  events: EventStore;
  turns: TurnStore;
  approvals: ApprovalStore;
  steers: SteerStore;
  delivery: Delivery;
  recorder: Recorder;
  port: ChatPort;
  now: Clock;
}

export async function openHouse(
  ctx: DurableObjectState,
  env: KernelEnv,
  portOf: (thread: ThreadId) => ChatPort,
): Promise<House> {
  const id = ThreadId.parse(ctx.id.name);
  const db = drizzle(ctx.storage);
  await migrate(db, migrations);
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
  const recorder = new Recorder(events, live, delivery, now);
  return {
    id,
    env,
    db,
    events,
    turns: new TurnStore(db),
    approvals: new ApprovalStore(db),
    steers: new SteerStore(db),
    delivery,
    recorder,
    port,
    now,
  };
}
