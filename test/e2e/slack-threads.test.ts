import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Deckhand } from "../harness/deckhand.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { startAnthropic } from "../stand-ins/anthropic.ts";
import type { StandIn } from "../stand-ins/server.ts";

/* What the model gets to read of a thread: a stand-in of a provider shows it. */
let model: StandIn;
let deckhand: Deckhand;
beforeAll(async () => {
  model = await startAnthropic((asked) => ({ text: `answer ${asked.text.length}` }));
  deckhand = await Deckhand.start({ env: { ANTHROPIC_API_KEY: "test-key", ANTHROPIC_BASE_URL: model.url } });
});
afterAll(async () => {
  await deckhand.close();
  await model.close();
});

const general = "C0GENERAL";
const report = readFileSync(join(import.meta.dirname, "../fixtures/report.pdf"));
const last = () => JSON.stringify(model.requests.at(-1)?.body);
/** The thread has so many whole answers; each is one message. */
const answered = async (ts: string, n: number): Promise<void> => {
  const seen = new Set<string>();
  await deckhand.slack.waitForMessage((message) => {
    const ours = message.threadTs === ts && message.user === "U0DECK" && !message.streaming;
    if (ours && shownText(message).includes("answer")) seen.add(message.ts);
    return seen.size >= n;
  });
  // The last call of a turn: nothing of it comes after that.
  await deckhand.slack.waitForStatus(general, ts, (status) => status.session === "active");
};

describe("A3 the first reply knows the thread", () => {
  test("earlier messages with their authors, and their files, also from before the mention; later only what came since", async () => {
    const { slack } = deckhand;
    const ts = await slack.say("U0GRACE", general, "the tide turns at noon", {
      files: [{ name: "tides.pdf", bytes: report, type: "application/pdf" }],
    });
    await slack.say("U0LINUS", general, "and the wind is from the west", { threadTs: ts });
    await slack.say("U0ADA", general, "@Deckhand what do we know?", { threadTs: ts });
    await answered(ts, 1);
    const first = last();
    expect(first).toContain("Grace: the tide turns at noon [with tides.pdf]");
    expect(first).toContain("Linus: and the wind is from the west");
    expect(first).toContain("[file: uploads/tides.pdf (application/pdf");
    expect(first).toContain("[Ada writes]");

    await slack.say("U0LINUS", general, "the wind has turned", { threadTs: ts });
    await slack.say("U0ADA", general, "and now?", { threadTs: ts });
    await answered(ts, 2);
    const second = last();
    expect(second.split("the wind has turned").length - 1).toBe(1);
    expect(second.split("the tide turns at noon").length - 1).toBe(1);
    const replies = await slack.calls("conversations.replies");
    expect(replies.at(-1)?.args["oldest"]).toBeDefined();
  });

  test("where nobody else wrote nothing is read again", async () => {
    const { slack } = deckhand;
    const ts = await slack.say("U0ADA", general, "@Deckhand hello");
    await answered(ts, 1);
    await slack.clearCalls();
    await slack.say("U0ADA", general, "and again", { threadTs: ts });
    await answered(ts, 2);
    expect(await slack.calls("conversations.replies")).toEqual([]);
  });
});
