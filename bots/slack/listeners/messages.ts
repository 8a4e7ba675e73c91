import { parseEvent } from "../../../adapters/slack/parse.ts";
import { take } from "./take.ts";
import type { Listener } from "./types.ts";

/** Mentions, direct messages, and what is said in threads. */
export const messages: Listener = {
  uses: { events: ["app_mention", "message.channels", "message.groups", "message.im", "message.mpim"] },
  listen(app, parts) {
    app.event("app_mention", ({ body, context }) =>
      take(parts, context, parseEvent(body, parts.allowedBots), "app_mention"),
    );
    app.event("message", ({ body, context }) => take(parts, context, parseEvent(body, parts.allowedBots), "message"));
  },
};
