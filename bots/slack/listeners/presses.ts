import { ourActions } from "../../../adapters/slack/actions.ts";
import { parseAction } from "../../../adapters/slack/parse.ts";
import { take } from "./take.ts";
import type { Listener } from "./types.ts";

/** Buttons of our messages. */
export const presses: Listener = {
  uses: {},
  listen(app, parts) {
    app.action(ourActions, async ({ body, ack, context }) => {
      await take(parts, context, parseAction(body), "block_actions");
      await ack();
    });
  },
};
