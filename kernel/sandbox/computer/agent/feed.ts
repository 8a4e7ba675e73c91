import { agentLimits } from "./limits.ts";

const encoder = new TextEncoder();

/**
 * A stream of server-sent events, as the SDK reads them, with a bounded number of bytes waiting. A reader that went away
 * is only noticed when something is written, so a quiet stream carries comments, which the SDK skips.
 */
export class Feed {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #ended = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #quiet = true;

  constructor() {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#end(),
      },
      { highWaterMark: agentLimits.maxFeedBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
    this.#heartbeat = setInterval(() => {
      if (this.#quiet && this.#room() > agentLimits.maxFeedBytes / 2)
        this.#controller?.enqueue(encoder.encode(": \n\n"));
      this.#quiet = true;
    }, agentLimits.heartbeatMs);
  }

  /** Aborted when the reader went away or the feed was closed. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** False when the reader is so slow that the event was dropped, or is gone. */
  send(event: object): boolean {
    if (this.#controller === null || this.#room() <= 0) return false;
    this.#quiet = false;
    this.#controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
    return true;
  }

  /** Ends it after what was sent. Safe to call twice. */
  close(last?: object): void {
    if (last !== undefined && this.#controller !== null)
      // The last word is said even to a slow reader: it is what the others wait for.
      this.#controller.enqueue(encoder.encode(`data: ${JSON.stringify(last)}\n\n`));
    this.#controller?.close();
    this.#end();
  }

  #room(): number {
    return this.#controller?.desiredSize ?? 0;
  }

  #end(): void {
    this.#controller = null;
    clearInterval(this.#heartbeat);
    this.#ended.abort();
  }
}

export const stamp = () => new Date().toISOString();
