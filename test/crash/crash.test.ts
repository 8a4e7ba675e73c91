import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { startAnthropic } from "../stand-ins/anthropic.ts";
import { fail } from "../stand-ins/reply.ts";

/*
 * B4, by SIGKILL of every process at once: after the next start the turn goes on or ends with a typed notice in the same
 * thread, nothing is posted twice, and what waited for a person still works.
 */
const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const times = (text: string, part: string) => text.split(part).length - 1;

let stateDir: string;
let deckhand: Deckhand | null;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "deckhand-crash-"));
  deckhand = null;
});
afterEach(async () => {
  await deckhand?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const start = async (env: Record<string, string> = {}): Promise<Deckhand> => {
  deckhand = await Deckhand.start({ stateDir, env });
  return deckhand;
};
/** All of our text in a thread, as a reader sees it. */
const read = async (ts: string): Promise<string> => {
  const thread = (await deckhand?.slack.thread(general, ts)) ?? [];
  return thread
    .filter((message) => message.user === "U0DECK")
    .map(shownText)
    .join("\n");
};

describe("B4 SIGKILL of everything", () => {
  test("before the model call: the question is answered after the start, once", async () => {
    // A model that never begins to answer holds the turn at the place that is to be hit.
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    const model = await startAnthropic(() => {
      isAsked();
      return { fail: fail.hangs };
    });
    const first = await start({ ANTHROPIC_API_KEY: "test-key", ANTHROPIC_BASE_URL: model.url });
    const ts = await first.slack.say("U0ADA", general, "@Deckhand echo after-the-crash");
    await asked;
    await first.kill();
    await model.close();

    const second = await start();
    await second.slack.waitForReply(general, ts, has("after-the-crash"), 60_000);
    const text = await read(ts);
    expect(times(text, "after-the-crash")).toBe(1);
    expect((await second.slack.thread(general, ts)).every((message) => !message.streaming)).toBe(true);
  });

  test("mid-stream: the answer goes on in the same thread, every word is there once", async () => {
    const first = await start({ REHEARSAL_DELAY_MS: "30" });
    const warm = await first.slack.say("U0ADA", general, "@Deckhand echo warm");
    await first.slack.waitForReply(general, warm, has("warm"));
    const ts = await first.slack.say("U0ADA", general, "count slowly to 90", { threadTs: warm });
    await first.slack.waitForMessage(
      (message) => message.threadTs === warm && message.streaming && /\b9\b/.test(shownText(message)),
      60_000,
    );
    await first.kill();

    const second = await start({ REHEARSAL_DELAY_MS: "0" });
    await second.slack.waitForReply(general, warm, (message) => /\b90\b/.test(shownText(message)), 60_000);
    await second.slack.waitForStatus(general, warm, (status) => status.session === "active", 60_000);
    const thread = (await second.slack.thread(general, warm)).filter(
      (message) => message.user === "U0DECK" && message.ts > ts,
    );
    const numbers = thread.flatMap((message) =>
      [...shownText(message).matchAll(/^\s*(\d+)\s*$/gm)].map((match) => Number(match[1])),
    );
    expect(numbers).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(thread.every((message) => !message.streaming)).toBe(true);
  });

  test("while a card waits: it still works after the start, and publishes once", async () => {
    const first = await start();
    const ts = await first.slack.say("U0ADA", general, "@Deckhand make a small site called Bread Club about baking");
    const withButtons = (message: PageMessage) => has("Bread Club")(message) && shownButtons(message).length > 0;
    const card = await first.slack.waitForReply(general, ts, withButtons);
    await first.slack.waitForStatus(general, ts, (status) => status.session === "suspended");
    await first.kill();

    const second = await start();
    const again = (await second.slack.thread(general, ts)).filter(withButtons);
    expect(again.map((message) => message.ts)).toEqual([card.ts]);
    await second.slack.press("U0ADA", card, "deckhand:approve");
    // The worker's port is another one after this start; the site is where the Worker is now.
    await second.slack.waitForReply(general, ts, has("/sites/bread-club/"), 60_000);
    await second.slack.waitForMessage((message) => message.ts === card.ts && shownButtons(message).length === 0);
    expect((await fetch(`${second.workerUrl}/sites/bread-club/`)).status).toBe(200);
    const trace = await second.trace(general, ts);
    expect(times(trace, '<span class="t">site.published</span>')).toBe(1);
  });

  test("while a program waits for its card: the program is interrupted, the card is closed, nothing runs", async () => {
    const first = await start();
    const ts = await first.slack.say("U0ADA", general, "@Deckhand in code, write and publish Dock Nine");
    const card = await first.slack.waitForReply(general, ts, (message) => shownButtons(message).length > 0, 60_000);
    await first.kill();

    const second = await start();
    await second.slack.waitForMessage((message) => message.ts === card.ts && has("Expired")(message), 60_000);
    await second.slack.waitForReply(general, ts, has("interrupted before a result was recorded"), 60_000);
    await second.slack.waitForStatus(general, ts, (status) => status.session === "active", 60_000);
    expect((await fetch(`${second.workerUrl}/sites/dock-nine/`)).status).toBe(404);
    const trace = await second.trace(general, ts);
    expect(times(trace, '<span class="t">site.published</span>')).toBe(0);
    expect(times(trace, '<span class="t">approval.requested</span>')).toBe(1);
  });
});
