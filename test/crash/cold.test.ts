import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { general, has, lastAlarmMs, Lives } from "../harness/lives.ts";
import { broken } from "../soak/invariants.ts";

/*
 * A card is decided on a thread that nobody has woken since the start, as every card is that a person thinks about. Each
 * way of ending and each decision has a thread of its own.
 */

const ways = ["SIGKILL", "Ctrl-C"] as const;
const decisions = ["approve", "deny"] as const;
type Way = (typeof ways)[number];
type Decision = (typeof decisions)[number];
const fileOf = (way: Way, decision: Decision) => `home/${way === "SIGKILL" ? "kill" : "quit"}-${decision}.txt`;

let lives: Lives;
const waiting = new Map<string, { ts: string; card: PageMessage }>();

/** A thread in which a card waits to delete a file of Ada's, with nothing else going on. */
async function ask(way: Way, decision: Decision): Promise<void> {
  const file = fileOf(way, decision);
  const ts = await lives.say("U0ADA", `write "keep me" to ${file}`);
  await lives.said(ts, file);
  await lives.quiet(ts);
  await lives.say("U0ADA", `delete ${file}`, ts);
  const card = await lives.card(ts, file);
  await lives.slack.waitForStatus(general, ts, (status) => status.session === "suspended");
  waiting.set(file, { ts, card });
}

beforeAll(async () => {
  lives = await Lives.begin("rehearsal");
  for (const way of ways) for (const decision of decisions) await ask(way, decision);
  await sleep(lastAlarmMs);
}, 240_000);
afterAll(() => lives?.close());

describe.each(ways)("A8 a card that is decided on a cold thread, after %s", (way) => {
  beforeAll(async () => {
    if (way === "SIGKILL") await lives.deckhand.kill();
    else await lives.deckhand.stop();
    await lives.again({ REHEARSAL_DELAY_MS: "5" });
  }, 120_000);

  test.each(decisions)("%s: effect, closing message, end of the turn, the next question, Stop", async (decision) => {
    const file = fileOf(way, decision);
    const { ts, card } = waiting.get(file) ?? { ts: "", card: {} as PageMessage };
    const before = (await lives.slack.thread(general, ts)).length;
    expect(await lives.press("U0ADA", card, decision)).toEqual({ ok: true });
    await lives.closed(card);
    await lives.quiet(ts);
    const after = (await lives.slack.thread(general, ts)).slice(before);
    expect(after.map(shownText).join("\n"), "a closing message").toMatch(
      decision === "approve" ? /deleted/i : /not approved/,
    );
    expect(broken(await lives.trace(ts))).toEqual([]);

    await lives.say("U0ADA", `read ${file}`, ts);
    await lives.slack.waitForReply(
      general,
      ts,
      (one) => one.ts > card.ts && has(decision === "approve" ? "There is no" : "keep me")(one),
    );
    await lives.quiet(ts);
    await lives.say("U0ADA", "count slowly to 400", ts);
    await lives.slack.waitForMessage((one) => one.threadTs === ts && /^2$/m.test(shownText(one)));
    await lives.slack.stop("U0ADA", general, ts);
    await lives.said(ts, "Stopped by Ada");
    await lives.quiet(ts);
    expect(broken(await lives.trace(ts))).toEqual([]);
  });
});
