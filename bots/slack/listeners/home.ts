import { homeActions } from "../../../adapters/slack/actions.ts";
import {
  actionIn,
  findWaiting,
  readHomeDecision,
  readHomeOpened,
  readPressed,
} from "../../../adapters/slack/view-press.ts";
import { KernelError, unwrap } from "../../../kernel/errors.ts";
import { placeOf } from "./place.ts";
import { followHome, refreshHome, showHome } from "./show-home.ts";
import type { Listener, ListenerParts } from "./types.ts";

const gone = "That has been decided or has expired meanwhile.";

async function opened(parts: ListenerParts, place: string, body: unknown): Promise<void> {
  const user = readHomeOpened(body);
  if (user === null) return;
  try {
    await showHome(parts, place, user);
  } catch (thrown) {
    // Slack comes again for what may work then, and for nothing else.
    if (!(thrown instanceof KernelError) || thrown.retryable) throw thrown;
    parts.log.error("slack: Home could not be shown", { user, thrown });
  }
}

/** The button's id is looked up in what waits for the person who pressed; the thread comes from there. */
async function decided(parts: ListenerParts, place: string, body: unknown): Promise<void> {
  const press = readPressed(body);
  const decision = press === null ? null : readHomeDecision(press);
  if (press === null || decision === null) return parts.log.info("slack: ignored", { why: "unknown_action" });
  const { by, actionId, ts } = press;
  const overview = unwrap(await parts.desk.person(by.id).overview());
  const waiting = findWaiting(overview, decision.subject, by.id);
  if (waiting === null) {
    await refreshHome(parts, place, by.id, { notice: gone });
    return;
  }
  const { approval } = waiting.card;
  await parts.intake(actionIn(waiting.thread, { by, id: `home:${approval}:${actionId}:${by.id}:${ts}`, ts }, decision));
  const notice = "Your decision is on its way to the thread.";
  await refreshHome(parts, place, by.id, { notice, decided: approval });
  parts.desk.later(
    followHome(parts, place, by.id, overview, (now) => {
      const thread = now.threads.find((one) => one.thread === waiting.thread);
      return findWaiting(now, approval, by.id) === null && thread?.state !== "running";
    }),
  );
}

/** App Home: what a person has here, and decisions in it. */
export const home: Listener = {
  uses: { events: ["app_home_opened"], home: true },
  listen(app, parts) {
    app.event("app_home_opened", async ({ body, context }) => {
      const place = placeOf(parts, context, body, "app_home_opened");
      if (place !== null) await opened(parts, place, body);
    });
    app.action(homeActions, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "block_actions");
      if (place !== null) await decided(parts, place, body);
      await ack();
    });
  },
};
