import { eq } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { z } from "zod";
import type { ChatPort, PresentIo, View } from "../chat/types.ts";
import type { Clock } from "../clock.ts";
import { KernelError } from "../errors.ts";
import type { EventStore } from "../events/store.ts";
import type { StampedEvent } from "../events/types.ts";
import type { ThreadId } from "../ids.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import type { LiveText } from "./live.ts";
import { delivery as table } from "./schema.ts";

const Row = z.object({ cursor: z.number(), attempts: z.number(), view: z.string() });
const viewOf = (text: string): View => z.json().parse(JSON.parse(text));

/** What to do when the platform did not take a batch. */
export type Retry = { kind: "wait"; ms: number } | { kind: "skip" };

/** Pure: what the platform asked for, else doubling from half a second; a refusal and a worn-out retry are skipped. */
export function retryOf(error: KernelError, attempts: number): Retry {
  const { maxPresentAttempts, maxRateWaits } = limits.thread;
  // To be asked to wait is no failure: it is only bounded so that nobody waits for ever.
  const most = error.code === "platform.rate_limited" ? maxRateWaits : maxPresentAttempts;
  if (!error.retryable || attempts >= most) return { kind: "skip" };
  return {
    kind: "wait",
    ms: Math.min(error.retryAfterMs ?? 500 * 2 ** Math.min(attempts, 10), limits.thread.maxPresentWaitMs),
  };
}

export interface DeliveryDeps {
  db: DrizzleSqliteDODatabase;
  events: EventStore;
  live: LiveText;
  thread: ThreadId;
  port: ChatPort;
  now: Clock;
  wait(ms: number): Promise<void>;
  traceUrl: string | null;
  /** A file of a person's own that is put into the thread. */
  file: PresentIo["file"];
}

/** Brings the trace to the platform: one loop at a time, the view stored after every call, so a restart goes on from there. */
export class Delivery {
  #deps: DeliveryDeps;
  #kept: z.infer<typeof Row> | null = null;
  #loop: Promise<void> | null = null;
  #again = false;
  #kick: (() => void) | null = null;
  /** Something that is shown has its own time, later. */
  #waking = false;
  /** The platform refuses: until it takes something again, it is not asked with every word that is written. */
  #refused = false;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** Nobody else writes this row, so it is read once. */
  get #row(): z.infer<typeof Row> {
    if (this.#kept) return this.#kept;
    const row = this.#deps.db.select().from(table).where(eq(table.id, 1)).get();
    this.#kept = row ? Row.parse(row) : { cursor: 0, attempts: 0, view: "null" };
    return this.#kept;
  }

  #save(change: { cursor?: number; attempts?: number; view?: View }): void {
    const { view, ...rest } = change;
    const set = view === undefined ? rest : { ...rest, view: JSON.stringify(view) };
    const row = { ...this.#row, ...set };
    this.#deps.db
      .insert(table)
      .values({ id: 1, ...row })
      .onConflictDoUpdate({ target: table.id, set })
      .run();
    this.#kept = row;
  }

  get behind(): boolean {
    return this.#row.cursor < this.#deps.events.last;
  }

  /** There is something new. Answers when all of it, and what came meanwhile, has been shown or given up. */
  pump(): Promise<void> {
    this.#again = true;
    this.#kick?.();
    this.#loop ??= this.#run().finally(() => {
      this.#loop = null;
    });
    return this.#loop;
  }

  /** The model has written on. Does not cut a pause short: deltas are shown at the platform's pace. */
  pumpLive(): void {
    if (this.#loop === null) void this.pump();
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      let more = true;
      while (more) more = await this.#step();
    }
  }

  /** Shows one batch. False when there was nothing. */
  async #step(): Promise<boolean> {
    const { events, live, thread, now } = this.#deps;
    const row = this.#row;
    const stored = events.after(row.cursor, limits.thread.maxBatch);
    const delta = stored.length < limits.thread.maxBatch && !this.#refused ? live.take() : null;
    const batch: StampedEvent[] = [...stored];
    if (delta) {
      batch.push({
        seq: events.last,
        at: now(),
        turn: delta.turn,
        principal: delta.principal,
        event: { type: "text.delta", part: delta.part, text: delta.text },
      });
    }
    if (batch.length === 0) return false;
    const cursor = stored.at(-1)?.seq ?? row.cursor;
    try {
      const view = await this.#deps.port.present(batch, viewOf(row.view), this.#io(thread));
      this.#save(stored.length > 0 ? { cursor, attempts: 0, view } : { view });
      this.#refused = false;
      if (live.open) await this.#pause(this.#deps.port.paceMs(view, now()));
    } catch (thrown) {
      const error = KernelError.wrap(thrown, "internal", "Showing this in chat failed.");
      if (error.code === "platform.later") return this.#later(error, cursor);
      await this.#failed(error, row.attempts, cursor);
    }
    return true;
  }

  /** Waits, but no longer than until something that is not a delta is there to be shown. */
  async #pause(ms: number): Promise<void> {
    await Promise.race([this.#deps.wait(ms), new Promise<void>((done) => (this.#kick = done))]);
    this.#kick = null;
  }

  /** The batch is shown, and nobody waits for the rest: the last event comes once more then, also after a restart. */
  #later(error: KernelError, cursor: number): boolean {
    this.#refused = false;
    this.#save({ cursor: Math.max(0, cursor - 1), attempts: 0 });
    if (this.#deps.events.last > cursor) return true;
    const ms = Math.min(error.retryAfterMs ?? 1_000, limits.thread.maxPresentWaitMs);
    if (!this.#waking) void this.#wakeAfter(ms);
    return false;
  }

  async #wakeAfter(ms: number): Promise<void> {
    this.#waking = true;
    await this.#deps.wait(ms);
    this.#waking = false;
    await this.pump();
  }

  async #failed(error: KernelError, attempts: number, cursor: number): Promise<void> {
    const retry = retryOf(error, attempts);
    log.warn("delivery: the platform did not take a batch", { thread: this.#deps.thread, attempts, retry, error });
    if (retry.kind === "wait") {
      this.#save({ attempts: attempts + 1 });
      await this.#deps.wait(retry.ms);
    } else {
      this.#save({ cursor: this.#noteRefusal(error, cursor), attempts: 0 });
      this.#refused = true;
    }
  }

  /** For the owner, who reads the trace: it is not shown in the chat that did not take it. Gives where the view goes on. */
  #noteRefusal(error: KernelError, cursor: number): number {
    const { events, now } = this.#deps;
    const [last] = events.after(events.last - 1, 1);
    if (!last) return cursor;
    const text = `Not shown in chat: ${error.userMessage}`;
    const noted = events.append({ type: "notice", level: "error", code: error.code, text }, last.turn, null, now());
    return noted?.seq ?? cursor;
  }

  #io(thread: ThreadId): PresentIo {
    return {
      thread,
      now: this.#deps.now,
      traceUrl: this.#deps.traceUrl,
      file: this.#deps.file,
      save: async (view) => this.#save({ view }),
    };
  }
}
