import { z } from "zod";
import { homeView, type HomeContext } from "../../../adapters/slack/home.ts";
import { slackIds } from "../../../adapters/slack/ids.ts";
import { unwrap } from "../../../kernel/errors.ts";
import type { UserId } from "../../../kernel/ids.ts";
import type { Overview } from "../../../kernel/user/overview.ts";
import type { ListenerParts } from "./types.ts";

const Done = z.object({ ok: z.literal(true) });

/** Publishes a person's Home as their Kernel has it now, and gives what is shown. `place`: whose token is used. */
export async function showHome(
  parts: ListenerParts,
  place: string,
  user: UserId,
  said: Omit<HomeContext, "workspaceUrl"> = {},
): Promise<Overview> {
  const [outcome, workspaceUrl] = await Promise.all([
    parts.desk.person(user).overview(),
    parts.desk.workspaceUrl(place),
  ]);
  const overview = unwrap(outcome);
  const view = homeView(overview, { ...said, workspaceUrl });
  await parts.desk.api(place).call("views.publish", { user_id: slackIds.person(user).user, view }, Done);
  return overview;
}

/** A thread takes its time to carry a decision out: Home is looked at again after these, and shown when it has changed. */
const againAfterMs = [400, 800, 1_600, 3_200, 6_400];
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Shows Home anew until what was decided in it has been carried out, a bounded number of times. */
export async function followHome(
  parts: ListenerParts,
  place: string,
  user: UserId,
  shown: Overview,
  settled: (overview: Overview) => boolean,
): Promise<void> {
  try {
    let last = JSON.stringify(shown);
    for (const ms of againAfterMs) {
      await wait(ms);
      const now = unwrap(await parts.desk.person(user).overview());
      const text = JSON.stringify(now);
      const done = settled(now);
      if (text !== last || done) await showHome(parts, place, user);
      if (done) return;
      last = text;
    }
  } catch (thrown) {
    // It is shown as it is when it is opened the next time.
    parts.log.warn("slack: Home could not be shown anew", { user, thrown });
  }
}
