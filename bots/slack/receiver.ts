import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Log } from "./log.ts";
import type { Incoming } from "./request.ts";

/**
 * Bolt's receiver for fetch: no server, one call a request. Bolt acknowledges an event before its listeners run; here
 * the answer waits for them, so that 200 means the message is stored and anything else makes Slack come again.
 */
export class FetchReceiver implements Receiver {
  readonly #log: Log;
  #app: App | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  init(app: App): void {
    this.#app = app;
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async dispatch(incoming: Incoming): Promise<Response> {
    if (this.#app === null) throw new Error("The receiver has no app.");
    let answer: { body: unknown } | null = null;
    const ack = async (body?: unknown): Promise<void> => {
      answer ??= { body };
    };
    const { body, retryNum, retryReason, route } = incoming;
    const event: ReceiverEvent = {
      body,
      ack,
      ...(retryNum === undefined ? {} : { retryNum }),
      ...(retryReason === undefined ? {} : { retryReason }),
    };
    try {
      await this.#app.processEvent(event);
    } catch (thrown) {
      this.#log.error("slack: a request failed", { route, type: body["type"], thrown });
      return new Response("Something failed inside Deckhand.\n", { status: 500 });
    }
    // Slack would tell the person that the app failed; what nobody wants is not the person's fault.
    if (answer === null) this.#log.warn("slack: nobody took a request", { route, type: body["type"] });
    return respond((answer as { body: unknown } | null)?.body);
  }
}

function respond(body: unknown): Response {
  if (body === undefined || body === null || body === "") return new Response(null, { status: 200 });
  return typeof body === "string" ? new Response(body) : Response.json(body);
}
