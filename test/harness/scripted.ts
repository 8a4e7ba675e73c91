import { startAnthropic } from "../stand-ins/anthropic.ts";
import { inTurn, type Reply } from "../stand-ins/reply.ts";
import type { Recorded, StandIn } from "../stand-ins/server.ts";
import { Deckhand, type DeckhandOptions } from "./deckhand.ts";

/** A Deckhand whose model says what a test has it say. */
export class Scripted {
  readonly deckhand: Deckhand;
  readonly #provider: StandIn;
  readonly #script: { next: () => Reply };

  private constructor(deckhand: Deckhand, provider: StandIn, script: { next: () => Reply }) {
    this.deckhand = deckhand;
    this.#provider = provider;
    this.#script = script;
  }

  static async start(options: DeckhandOptions = {}): Promise<Scripted> {
    const script = { next: (): Reply => ({ text: "no script" }) };
    const provider = await startAnthropic(() => script.next());
    const env = { ANTHROPIC_API_KEY: "sk-test", ANTHROPIC_BASE_URL: provider.url, ...options.env };
    return new Scripted(await Deckhand.start({ ...options, env }), provider, script);
  }

  /** One reply after the other; the last one stays. */
  replies(...each: [Reply, ...Reply[]]): void {
    this.#script.next = inTurn(...each);
  }

  /** What the provider was asked last. */
  get asked(): Recorded {
    const last = this.#provider.requests.at(-1);
    if (!last) throw new Error("The provider was not asked.");
    return last;
  }

  /** What the tools came to that it was told of last. */
  get results(): string {
    return JSON.stringify(this.asked.toolResults);
  }

  async close(): Promise<void> {
    await this.deckhand.close();
    await this.#provider.close();
  }
}

export const call = (name: string, input: object): Reply => ({ toolCalls: [{ name, input }] });
