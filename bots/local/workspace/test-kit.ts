import { createServer, type Server } from "node:http";
import {
  LogLevel,
  WebClient,
  type ChatPostMessageArguments,
  type ChatPostMessageResponse,
  type Logger,
} from "@slack/web-api";
import { fieldsOf, type Fields } from "./json.ts";

/* What the tests of this folder share. */

export const signingSecret = "secret-of-tests";
export const botToken = "xoxb-local-tests";

export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** Slack's own client, which says nothing and repeats nothing. */
export const slackClient = (slackApiUrl: string, token = botToken): WebClient =>
  new WebClient(token, { slackApiUrl, retryConfig: { retries: 0 }, logger: silent, rejectRateLimitedCalls: true });

export const send = (slack: WebClient, message: ChatPostMessageArguments): Promise<ChatPostMessageResponse> =>
  slack.apiCall("chat.postMessage", { ...message });

/** A Worker that keeps what it is sent and answers what it is told. */
export class Listener {
  readonly received: { url: string; headers: Record<string, unknown>; body: string }[] = [];
  status = 200;
  answer = "";
  /** In place of `answer`, by what was asked. */
  reply: ((url: string, body: string) => Promise<string> | string) | null = null;
  url = "";
  #server: Server | undefined;
  #waiters: (() => void)[] = [];

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        this.received.push({ url: request.url ?? "", headers: request.headers, body });
        void Promise.resolve(this.reply?.(request.url ?? "", body) ?? this.answer).then((answer) => {
          response.writeHead(this.status).end(answer);
          for (const wake of this.#waiters.splice(0)) wake();
        });
      });
    });
    const server = this.#server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    this.url = `http://127.0.0.1:${address.port}`;
  }

  events(): Fields[] {
    return this.received.map(({ body }) => fieldsOf(fieldsOf(JSON.parse(body)).event));
  }

  /** The payloads of what was pressed, submitted, closed and asked by shortcuts. */
  payloads(type?: string): Fields[] {
    return this.received
      .flatMap(({ body }) => new URLSearchParams(body).get("payload") ?? [])
      .map((payload) => fieldsOf(JSON.parse(payload)))
      .filter((payload) => type === undefined || payload.type === type);
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
  }
}
