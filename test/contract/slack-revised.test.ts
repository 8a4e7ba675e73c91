import { describe, expect, test } from "vitest";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { approvalId, card, done, started } from "./chat-port.contract.ts";
import { slackHarness } from "./slack-harness.ts";

/* F3 what the card shows is what will run, also after who decides has changed it. */

const revised = (...[user, over]: Parameters<typeof card>): ThreadEvent => {
  const asked = card(user, over);
  return asked.type === "approval.requested" ? { type: "approval.revised", card: asked.card } : asked;
};
const suspended: ThreadEvent = { type: "turn.suspended", approvals: [approvalId] };

async function waiting() {
  const here = slackHarness();
  const { harness, say, show } = here;
  await show(say(started()), say(done("Shall I?")), say(card(harness.user)), say(suspended));
  return { ...here, cards: () => here.slack.shown().filter((text) => text.includes("<Approve>")) };
}
const change = { title: "Publish coffee-shop", body: "Put `menu.html` (9 bytes) on the web." };

describe("F3 a card whose call was changed", () => {
  test("is the same message with what will run now, still to be decided", async () => {
    const { slack, harness, say, show, cards } = await waiting();
    const before = slack.messages.length;
    await show(say(revised(harness.user, change)));
    expect(slack.messages).toHaveLength(before);
    expect(cards()).toHaveLength(1);
    expect(cards()[0]).toContain("Publish coffee-shop");
    expect(cards()[0]).toContain("menu.html");
    expect(slack.shown().join("\n")).not.toContain("tea-shop");
    expect(slack.refusals).toEqual([]);
  });

  test("coming again changes nothing; the last of several is what stands there", async () => {
    const { slack, harness, say, show, cards } = await waiting();
    const events = [
      say(revised(harness.user, { title: "Publish one" })),
      say(revised(harness.user, { title: "Publish two" })),
    ];
    await show(...events);
    const calls = slack.calls.length;
    await show(...events);
    expect(slack.calls).toHaveLength(calls);
    expect(slack.count("chat.update")).toBe(1);
    expect(cards()[0]).toContain("Publish two");
  });

  test("decided after that, it says who decided, with the changed title", async () => {
    const { slack, harness, say, show } = await waiting();
    await show(
      say(revised(harness.user, change)),
      say({
        type: "approval.decided",
        approval: approvalId,
        decision: "approved",
        by: harness.user,
        byName: "Ada",
        choice: null,
        reason: null,
      }),
    );
    expect(slack.shown().at(-1)).toMatch(/Publish coffee-shop[\s\S]*Approved by <@U1>/);
    expect(slack.shown().join("\n")).not.toContain("<Approve>");
  });

  test("before it could be posted, it is posted as it is now", async () => {
    const here = slackHarness();
    const { slack, harness, say, show } = here;
    await show(say(started()), say(card(harness.user)), say(revised(harness.user, change)), say(suspended));
    expect(slack.shown()).toHaveLength(1);
    expect(slack.shown()[0]).toContain("Publish coffee-shop");
    expect(slack.count("chat.update")).toBe(0);
  });

  test("one that is not known here any more is asked anew", async () => {
    const { slack, harness, say, show } = slackHarness();
    await show(say(revised(harness.user, change)));
    expect(slack.shown()).toEqual([expect.stringContaining("Publish coffee-shop")]);
  });

  test("one that somebody deleted meanwhile comes again, and can be decided", async () => {
    const { slack, harness, say, show, cards } = await waiting();
    slack.messages.splice(
      slack.messages.findIndex((message) => JSON.stringify(message.blocks).includes("deckhand:approve")),
      1,
    );
    await show(say(revised(harness.user, change)));
    expect(cards()).toEqual([expect.stringContaining("Publish coffee-shop")]);
  });

  test("one whose body is too long now has it in messages below it, whole", async () => {
    const { slack, harness, say, show, cards } = await waiting();
    const words = Array.from({ length: 2500 }, (_, n) => `word${n}`);
    await show(say(revised(harness.user, { body: words.join(" ") })));
    expect(cards()[0]).toContain("What will run is in the messages below");
    const shown = slack.shown().join("\n");
    expect(shown.match(/word\d+/g)).toEqual(words);
    expect(shown.indexOf("word0 ")).toBeGreaterThan(shown.indexOf("<Approve>"));
    expect(slack.refusals).toEqual([]);
  });
});
