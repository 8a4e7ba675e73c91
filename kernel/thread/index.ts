import { DurableObject } from "cloudflare:workers";
import type { ChatAction, ChatInput, ChatPort } from "../chat/types.ts";
import type { KernelEnv } from "../env.ts";
import type { Outcome } from "../errors.ts";
import type { StampedEvent } from "../events/types.ts";
import type { ThreadId } from "../ids.ts";
import type { NestedCall, ThreadPort } from "../stubs.ts";
import type { ToolReply } from "../user/types.ts";
import type { ThreadAgent } from "./agent.ts";
import { openHouse, type House } from "./house.ts";

/**
 * One chat thread. This class is the door: it opens the tables and imports the agent on first use, because evaluating
 * Think costs more at start-up than all the rest of the Worker, and an acknowledgement does not need it.
 */
export abstract class ThreadObject extends DurableObject<KernelEnv> implements ThreadPort {
  #house: House | null = null;
  #agent: ThreadAgent | null = null;

  constructor(ctx: DurableObjectState, env: KernelEnv) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      const { ThreadAgent } = await import("./agent.ts");
      this.#house = await openHouse(ctx, env, (thread) => this.port(thread));
      this.#agent = new ThreadAgent(ctx, env, this.#house);
    });
  }

  /** The platform this thread is on; given by what runs (`bots/`). */
  protected abstract port(thread: ThreadId): ChatPort;

  get #open(): { house: House; agent: ThreadAgent } {
    if (!this.#house || !this.#agent) throw new Error("the thread is not open yet");
    return { house: this.#house, agent: this.#agent };
  }

  receive(input: ChatInput, missed: boolean): Promise<void> {
    return this.#open.agent.receive(input, missed);
  }

  nestedCall(call: NestedCall): Promise<Outcome<ToolReply>> {
    return this.#open.agent.nested.call(call);
  }

  async endNested(call: string): Promise<void> {
    this.#open.agent.nested.end(call);
  }

  checkRevision(press: ChatAction): Promise<Outcome<null>> {
    return this.#open.agent.checkRevision(press);
  }

  async eventsAfter(seq: number): Promise<StampedEvent[]> {
    return this.#open.house.events.after(seq, 500);
  }

  override alarm(): Promise<void> {
    return this.#open.agent.alarm();
  }
}
