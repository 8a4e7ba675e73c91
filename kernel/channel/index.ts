import { DurableObject } from "cloudflare:workers";
import type { ChatInput } from "../chat/types.ts";
import type { KernelEnv } from "../env.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import { threadStub } from "../stubs.ts";
import { decideIntake, redeliverAfterMs } from "./decide.ts";
import { Pace, Rate, type Permit } from "./pace.ts";
import { ChannelStore, type Waiting } from "./store.ts";

export type IntakeResult = "stored" | "known" | "chatter" | "full";

/**
 * One chat channel or DM. It writes each input that is ours down once and answers; the acknowledgement of the platform
 * waits for this one insert. Handing over to the Threads happens after that, in order within a thread.
 */
export class Channel extends DurableObject<KernelEnv> {
  #store: ChannelStore;
  #busy = new Set<string>();
  readonly #pace = new Pace();
  #alarmAt = 0;

  constructor(ctx: DurableObjectState, env: KernelEnv) {
    super(ctx, env);
    this.#store = new ChannelStore(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.#store.open());
  }

  async intake(input: ChatInput): Promise<IntakeResult> {
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
    this.ctx.waitUntil(this.#handOver(limits.channel.settleMs));
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
    await this.#handOver(0);
    if (this.#store.waiting > 0) await this.#wakeBy(Date.now() + limits.channel.redeliverMs);
  }

  async #wakeBy(at: number): Promise<void> {
    if (this.#alarmAt !== 0 && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    await this.ctx.storage.setAlarm(at);
  }

  /** Hands waiting inputs over, a bounded number of threads at a time. `settleMs` lets a burst be acknowledged first. */
  async #handOver(settleMs: number): Promise<void> {
    if (settleMs > 0) await scheduler.wait(settleMs);
    const free = limits.channel.maxHandOvers - this.#busy.size;
    if (free <= 0) return;
    await Promise.all(this.#store.next(this.#busy, free).map((waiting) => this.#give(waiting)));
  }

  async #give(waiting: Waiting): Promise<void> {
    this.#busy.add(waiting.thread);
    let given = false;
    try {
      const missed = this.#store.missed(waiting.thread);
      await threadStub(this.env, waiting.thread).receive(waiting.body, missed);
      this.#store.delivered(waiting.seq);
      if (missed && waiting.body.kind === "message") this.#store.caughtUp(waiting.thread);
      given = true;
    } catch (thrown) {
      this.#store.failed(waiting.seq);
      log.warn("channel: the thread did not take an input", {
        thread: waiting.thread,
        attempts: waiting.attempts + 1,
        thrown,
      });
      this.#alarmAt = 0;
      await this.#wakeBy(Date.now() + redeliverAfterMs(waiting.attempts + 1));
    } finally {
      this.#busy.delete(waiting.thread);
    }
    if (given) await this.#handOver(0);
  }
}
