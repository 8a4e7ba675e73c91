import type { SlackAppOptions } from "./app.ts";
import type { FetchReceiver } from "./receiver.ts";
import { readSlackRequest } from "./request.ts";
import type { SlackRoute } from "./request.ts";
import { signatureOf } from "./signature.ts";

export type { SlackRoute } from "./request.ts";

export interface SlackHandlerOptions extends SlackAppOptions {
  signingSecret: string;
  /** For tests of old and future stamps. */
  now?: () => number;
}

export interface SlackHandler {
  /** Answers one request of Slack: 401, 400, 413 for what is not right, 500 when it could not be stored, else 200. */
  handle(request: Request, route: SlackRoute): Promise<Response>;
}

/** The Slack side of the Worker. Bolt is loaded with the first signed request: a cold start does not wait for it. */
export function createSlackHandler(options: SlackHandlerOptions): SlackHandler {
  const verify = signatureOf(options.signingSecret);
  const now = options.now ?? Date.now;
  let app: Promise<FetchReceiver> | null = null;
  return {
    async handle(request, route) {
      const incoming = await readSlackRequest(request, route, verify, now());
      if (incoming instanceof Response) return incoming;
      app ??= import("./app.ts").then(({ createSlackApp }) => createSlackApp(options));
      return (await app).dispatch(incoming);
    },
  };
}
