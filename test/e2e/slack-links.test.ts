import { afterAll, beforeAll, expect, test } from "vitest";
import { shownButtons } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
});
afterAll(() => deckhand.close());

test("E4 the link of a published site is a Work Object with title, state, address and version", async () => {
  const { slack, workerUrl } = deckhand;
  const ts = await slack.say("U0ADA", "C0GENERAL", "@Deckhand make a small site called Bread Club about baking");
  const card = await slack.waitForReply("C0GENERAL", ts, (message) =>
    shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
  );
  await slack.press("U0ADA", card, "deckhand:approve");
  const published = await slack.waitForReply("C0GENERAL", ts, (message) => (message.entities?.length ?? 0) > 0);
  expect(published.entities).toMatchObject([
    {
      entity_type: "slack#/entities/item",
      url: `${workerUrl}/sites/bread-club/`,
      external_ref: { id: "bread-club", type: "site" },
      entity_payload: { attributes: { title: { text: "Bread Club" } } },
    },
  ]);
  const facts = JSON.stringify(published.entities);
  expect(facts).toContain("Public");
  expect(facts).toMatch(/"key":"version".*?"value":1/);
});
