import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const asks = (message: PageMessage) => shownButtons(message).some(({ actionId }) => actionId === "deckhand:approve");
const publish = (name: string, as = "U0ADA") =>
  deckhand.slack.say(as, general, `@Deckhand in code, write and publish ${name}`);
const card = (ts: string) => deckhand.slack.waitForReply(general, ts, asks, 60_000);
const settled = ({ ts }: PageMessage) =>
  deckhand.slack.waitForMessage((message) => message.ts === ts && shownButtons(message).length === 0, 60_000);

test("C1 a program publishes with TOOLS: the card appears, Approve lets it go on, and it returns the link", async () => {
  const { slack, workerUrl } = deckhand;
  const ts = await publish("Night Market");
  const asked = await card(ts);
  expect(shownText(asked)).toContain("index.html");
  const url = `${workerUrl}/sites/night-market/`;
  expect((await fetch(url)).status).toBe(404);
  await slack.press("U0GRACE", asked, "deckhand:approve");
  expect(shownText(await slack.waitForWhisper("U0GRACE"))).toContain("Ada");
  await slack.press("U0ADA", asked, "deckhand:approve");
  await slack.waitForReply(general, ts, (message) => has("It returned")(message) && has(url)(message), 60_000);
  expect(await (await fetch(url)).text()).toContain("Night Market");
  expect(JSON.stringify((await settled(asked)).blocks)).toMatch(/U0ADA|Ada/);
  const thread = (await slack.thread(general, ts)).map(shownText).join("\n");
  expect(thread).toContain("Write sites/night-market/index.html");
  await slack.waitForStatus(general, ts, (status) => status.session === "active");
});

test("C1 Deny is an error in the program, and nothing is published", async () => {
  const { slack, workerUrl } = deckhand;
  const ts = await publish("Closed Shop");
  const asked = await card(ts);
  await slack.press("U0ADA", asked, "deckhand:deny");
  await slack.waitForReply(general, ts, has("approval.denied"), 60_000);
  await settled(asked);
  expect((await fetch(`${workerUrl}/sites/closed-shop/`)).status).toBe(404);
});

test("A8 Stop while the program waits closes the card, and a late click runs nothing", async () => {
  const { slack, workerUrl } = deckhand;
  const ts = await publish("Never Mind");
  const asked = await card(ts);
  await slack.say("U0ADA", general, "stop", { threadTs: ts });
  await slack.waitForReply(general, ts, has("Stopped by"), 60_000);
  expect(shownText(await settled(asked))).toContain("Expired");
  await slack.waitForStatus(general, ts, (status) => status.session === "active");
  expect((await fetch(`${workerUrl}/sites/never-mind/`)).status).toBe(404);
  await slack.say("U0ADA", general, "echo still here", { threadTs: ts });
  await slack.waitForReply(general, ts, has("still here"), 60_000);
});

test("C1 a result that is bytes is a file of the person's, named in the thread", async () => {
  const code = "return new File([new Uint8Array([80, 75])], 'two.bin')";
  const ts = await deckhand.slack.say("U0ADA", general, `@Deckhand run: ${code}`);
  await deckhand.slack.waitForReply(general, ts, has("home/results/two.bin"), 60_000);
});
