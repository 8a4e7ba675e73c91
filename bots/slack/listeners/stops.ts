import { parseEvent } from "../../../adapters/slack/parse.ts";
import { take } from "./take.ts";
import type { Listener } from "./types.ts";

/** Slack's Stop button, which is there only with this subscription. Deleted questions come as messages. */
export const stops: Listener = {
  uses: { events: ["agent_session_stopped"] },
  listen(app, parts) {
    app.event("agent_session_stopped", ({ body, context }) =>
      take(parts, context, parseEvent(body), "agent_session_stopped"),
    );
  },
};
