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

test("E4 opened at the side it says what is public now; a link that somebody posts is shown so too, and no other", async () => {
  const { slack, workerUrl } = deckhand;
  const own = `${workerUrl}/sites/bread-club/`;
  const ts = await slack.say("U0GRACE", "C0GENERAL", `Look at ${own}`);
  const shown = await slack.waitForMessage((one) => one.ts === ts && (one.entities?.length ?? 0) > 0);
  expect(shown.entities).toMatchObject([{ url: own, app_unfurl_url: own, external_ref: { id: "bread-club" } }]);
  // What it offers leads somewhere.
  expect(JSON.stringify(shown.entities)).toContain(`"text":"Open site","action_id":"deckhand:open","url":"${own}"`);

  const trigger = await slack.openEntity("U0ADA", shown, own);
  const details = await slack.waitForDetails(trigger);
  expect(details).toMatchObject({ error: null, entity: { external_ref: { id: "bread-club" } } });

  const before = (await slack.calls("chat.unfurl")).length;
  const other = `${workerUrl}/sites/never-published/`;
  await slack.say("U0GRACE", "C0GENERAL", `And ${other}`);
  await slack.waitForDelivery((one) => one.type === "link_shared" && one.body.includes("never-published") && one.ok);
  expect((await slack.calls("chat.unfurl")).length).toBe(before);
});
