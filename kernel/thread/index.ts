import { Agent } from "agents";
import type { ChatAction, ChatInput, ChatPort } from "../chat/types.ts";
import { systemClock } from "../clock.ts";
import type { KernelEnv } from "../env.ts";
import { outcome, type Outcome } from "../errors.ts";
import type { StampedEvent } from "../events/types.ts";
import type { ThreadId } from "../ids.ts";
import { meter } from "../meter.ts";
import type { NestedCall, ThreadPort } from "../stubs.ts";
import type { ToolReply } from "../user/types.ts";
import { openHouse } from "./house.ts";
import type { ThreadParts } from "./parts.ts";
import { ownAlarm, Wake } from "./wake.ts";

/**
 * One chat thread: the doors of the object and nothing else. Whatever comes through one of them, and whatever wakes the
 * object, the turns go on by what their rows say.
 *
 * No door is an `async` function: the base starts itself (schedules, sockets, recovery of its own: 150 rows read) at the
 * first call of one, and a turn needs nothing of it.
 */
export abstract class ThreadObject extends Agent<KernelEnv> implements ThreadPort {
  #parts: ThreadParts | null = null;
  readonly #wake: Wake;

  constructor(ctx: DurableObjectState, env: KernelEnv) {
    const wake = new Wake(meter(ctx, env, "Thread").storage, systemClock);
    super(ownAlarm(ctx, wake), env);
    this.#wake = wake;
    this.lifecycle.use({ onStart: () => super._ensureSchema() });
    void ctx.blockConcurrencyWhile(async () => {
      // Evaluated on first use: the models' library costs start-up, and an acknowledgement does not need it.
      const { ThreadParts } = await import("./parts.ts");
      const house = await openHouse(ctx, env, wake, (thread) => this.port(thread));
      this.#parts = new ThreadParts(house, (work) => ctx.waitUntil(work));
      this.#parts.wake();
    });
  }

  /** The platform this thread is on; given by what runs (`bots/`). */
  protected abstract port(thread: ThreadId): ChatPort;

  get #open(): ThreadParts {
    if (!this.#parts) throw new Error("the thread is not open yet");
    return this.#parts;
  }

  receive(input: ChatInput, missed: boolean): Promise<boolean> {
    return this.#open.receive(input, missed);
  }

  nestedCall(call: NestedCall): Promise<Outcome<ToolReply>> {
    return this.#open.nested.call(call);
  }

  endNested(call: string): Promise<void> {
    return Promise.resolve(this.#open.nested.end(call));
  }

  checkRevision(press: ChatAction): Promise<Outcome<null>> {
    return outcome(() => this.#open.decisions.checkRevision(press));
  }

  eventsAfter(seq: number): Promise<StampedEvent[]> {
    return Promise.resolve(this.#open.house.events.after(seq, 500));
  }

  /** The next one is set whatever comes of this one: the platform runs one that fails again, but not for ever. */
  override async alarm(): Promise<void> {
    try {
      await this.#open.alarm();
      if (this.#wake.baseDue) await super.alarm();
    } finally {
      this.#open.setAlarm();
    }
  }

  /**
   * The base's own tables are 42 rows in each new thread, for workflows, sub-agents and the like. They are made when the
   * base starts, which is when something of it is used: see the constructor.
   */
  protected override _ensureSchema(): void {}
}
