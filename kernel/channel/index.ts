import { DurableObject } from "cloudflare:workers";
import type { ChatInput } from "../chat/types.ts";
import type { KernelEnv } from "../env.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import { meter } from "../meter.ts";
import { threadStub } from "../stubs.ts";
import { calm } from "./calm.ts";
import { decideIntake, redeliverAfterMs } from "./decide.ts";
import { Pace, Rate, type Permit } from "./pace.ts";
import { ChannelStore, type Waiting } from "./store.ts";
import { Traffic } from "./traffic.ts";

export type IntakeResult = "stored" | "known" | "chatter" | "full";

const { most, withinMs } = limits.channel.busy;
/** Of this isolate: its channels share one thread. */
const traffic = new Traffic(most, withinMs);

/**
 * One chat channel or DM. It writes each input that is ours down once and answers; the acknowledgement of the platform
 * waits for this one insert. Handing over to the Threads happens after that, in order within a thread.
 */
export class Channel extends DurableObject<KernelEnv> {
  #store: ChannelStore;
  #busy = new Set<string>();
  #resting = new Map<string, number>();
  #handingOver = false;
  readonly #pace = new Pace();
  #alarmAt = 0;

  constructor(ctx: DurableObjectState, env: KernelEnv) {
    super(meter(ctx, env, "Channel"), env);
    this.#store = new ChannelStore(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.#store.open());
  }

  async intake(input: ChatInput): Promise<IntakeResult> {
    traffic.came(Date.now());
    const author = input.kind === "message" ? input.author.id : input.by.id;
    const decision = decideIntake(input, {
      waiting: this.#store.waiting,
      maxWaiting: limits.channel.maxUndelivered,
      threadIsOurs: () => this.#store.threadIsOurs(input.thread),
      speaksToUs: () => this.#store.speaksToUs(input.thread, author),
    });
    if (decision === "chatter" && input.kind === "message" && input.addressed === "thread") {
      if (this.#store.threadIsOurs(input.thread)) this.#store.miss(input.thread);
    }
    if (decision !== "store") return decision;
    if (!this.#store.add(input, Date.now())) return "known";
    // The alarm is what a crash leaves behind; while nothing crashes it finds an empty inbox.
    await this.#wakeBy(Date.now() + limits.channel.redeliverMs);
    this.ctx.waitUntil(this.#handOver());
    return "stored";
  }

  /** A place in the row of calls named `name`; the platform's rates are the adapter's to know. */
  async permit(name: string, rate: Rate): Promise<Permit> {
    if (this.env.PACE === "off") return { granted: true, waitMs: 0 };
    return this.#pace.ask(name, Rate.parse(rate), Date.now());
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = 0;
    this.#store.forget(Date.now() - limits.channel.rememberMs);
    await this.#handOver();
    if (this.#store.waiting > 0) await this.#wakeBy(Date.now() + limits.channel.redeliverMs);
  }

  async #wakeBy(at: number): Promise<void> {
    if (this.#alarmAt !== 0 && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    await this.ctx.storage.setAlarm(at);
  }

  /** Hands waiting inputs over one after the other, to a bounded number of threads at a time; acknowledging goes first. */
  async #handOver(): Promise<void> {
    if (this.#handingOver) return;
    this.#handingOver = true;
    const given: Promise<void>[] = [];
    try {
      while (this.#busy.size < limits.channel.maxHandOvers) {
        // A lone question waits for nobody.
        if (traffic.busy(Date.now()))
          await calm({ now: Date.now, wait: (ms) => scheduler.wait(ms), ...limits.channel.calm });
        const [waiting] = this.#store.next(this.#notNow(), 1);
        if (!waiting) break;
        given.push(this.#give(waiting));
      }
    } finally {
      this.#handingOver = false;
    }
    await Promise.all(given);
  }

  /** Threads that are taking an input, and those that did not take one and are not asked again yet. */
  #notNow(): ReadonlySet<string> {
    for (const [thread, until] of this.#resting) if (until <= Date.now()) this.#resting.delete(thread);
    return new Set([...this.#busy, ...this.#resting.keys()]);
  }

  async #give(waiting: Waiting): Promise<void> {
    this.#busy.add(waiting.thread);
    let given = false;
    try {
      const missed = this.#store.missed(waiting.thread);
      const read = await threadStub(this.env, waiting.thread).receive(waiting.body, missed);
      this.#store.delivered(waiting.seq);
      if (missed && read) this.#store.caughtUp(waiting.thread);
      given = true;
    } catch (thrown) {
      this.#store.failed(waiting.seq);
      log.warn("channel: the thread did not take an input", {
        thread: waiting.thread,
        attempts: waiting.attempts + 1,
        thrown,
      });
      const again = Date.now() + redeliverAfterMs(waiting.attempts + 1);
      this.#resting.set(waiting.thread, again);
      // Others may wait as well, and not for as long as this one rests.
      await this.#wakeBy(Math.min(again, Date.now() + limits.channel.redeliverMs));
    } finally {
      this.#busy.delete(waiting.thread);
    }
    if (given) await this.#handOver();
  }
}
