import { shownText } from "../../bots/local/workspace/control-client.ts";
import { readEvents } from "../../bots/local/workspace/event-source.ts";
import type { FeedEvent } from "../../bots/local/workspace/feed.ts";
import { app } from "../../bots/local/workspace/seed.ts";

/** When each of many questions was answered. One look at each message as it comes: a hundred waiters would be load. */
export class Answers {
  readonly #closing = new AbortController();
  readonly #reading: Promise<void>;
  /** Word that the answer has, by the root it stands under. */
  readonly #open = new Map<string, string>();
  readonly #at = new Map<string, number>();
  #settled: (() => void) | null = null;

  constructor(workspaceUrl: string) {
    this.#reading = readEvents({
      url: `${workspaceUrl}/control/events`,
      signal: this.#closing.signal,
      onOpen: async () => undefined,
      onEvent: (data) => this.#take(data as FeedEvent),
    });
  }

  expect(root: string, word: string): void {
    this.#open.set(root, word);
  }

  /** Of the process' own clock, by root. */
  get at(): ReadonlyMap<string, number> {
    return this.#at;
  }

  get waiting(): number {
    return this.#open.size;
  }

  /** Answers when every question has its answer, or the time is over. */
  async all(timeoutMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((done) => {
      this.#settled = done;
      timer = setTimeout(done, timeoutMs);
    });
    clearTimeout(timer);
    this.#settled = null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reading;
  }

  #take(event: FeedEvent): void {
    if (event.type !== "message" || event.message.user !== app.user || event.message.streaming) return;
    const root = event.message.threadTs ?? "";
    const word = this.#open.get(root);
    if (word === undefined || !shownText(event.message).includes(word)) return;
    this.#open.delete(root);
    this.#at.set(root, performance.now());
    if (this.#open.size === 0) this.#settled?.();
  }
}
