import { z } from "zod";
import { homeView, type HomeContext } from "../../../adapters/slack/home.ts";
import { slackIds } from "../../../adapters/slack/ids.ts";
import { unwrap } from "../../../kernel/errors.ts";
import type { UserId } from "../../../kernel/ids.ts";
import type { Overview } from "../../../kernel/user/overview.ts";
import type { ListenerParts } from "./types.ts";

const Done = z.object({ ok: z.literal(true) });

type Said = Omit<HomeContext, "workspaceUrl">;

async function publish(parts: ListenerParts, place: string, user: UserId, overview: Overview, said: Said) {
  const view = homeView(overview, { ...said, workspaceUrl: await parts.desk.workspaceUrl(place) });
  await parts.desk.api(place).call("views.publish", { user_id: slackIds.person(user).user, view }, Done);
}

/** Publishes a person's Home as their Kernel has it now. `place`: whose token is used. */
export async function showHome(parts: ListenerParts, place: string, user: UserId, said: Said = {}): Promise<void> {
  await publish(parts, place, user, unwrap(await parts.desk.person(user).overview()), said);
}

/** The same where something else has been done already, which must not seem to have failed with it. */
export async function refreshHome(parts: ListenerParts, place: string, user: UserId, said: Said = {}): Promise<void> {
  try {
    await showHome(parts, place, user, said);
  } catch (thrown) {
    // It is shown as it is when it is opened the next time.
    parts.log.warn("slack: Home could not be shown anew", { user, thrown });
  }
}

/** A thread takes its time to carry a decision out: Home is looked at again after these, and shown when it has changed. */
const againAfterMs = [400, 800, 1_600, 3_200, 6_400];
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Shows Home anew until what was decided in it has been carried out, a bounded number of times. */
export async function followHome(
  parts: ListenerParts,
  place: string,
  user: UserId,
  seen: Overview,
  settled: (overview: Overview) => boolean,
): Promise<void> {
  try {
    let last = JSON.stringify(seen);
    for (const ms of againAfterMs) {
      await wait(ms);
      const now = unwrap(await parts.desk.person(user).overview());
      const text = JSON.stringify(now);
      const done = settled(now);
      if (text !== last || done) await publish(parts, place, user, now, {});
      if (done) return;
      last = text;
    }
  } catch (thrown) {
    // It is shown as it is when it is opened the next time.
    parts.log.warn("slack: Home could not be shown anew", { user, thrown });
  }
}
