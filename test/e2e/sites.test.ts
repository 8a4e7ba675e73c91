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
const card = (ts: string, title: string) =>
  deckhand.slack.waitForReply(
    general,
    ts,
    (message) => has(title)(message) && shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
  );

test("from a mention to a site link: the card shows what will be public, only the requester decides, the page opens and changes", async () => {
  const { slack, workerUrl } = deckhand;
  const ts = await slack.say("U0ADA", general, "@Deckhand make a small site called Bread Club about baking");
  const asked = await card(ts, "Bread Club");
  expect(shownText(asked)).toContain("index.html");
  expect(shownText(asked)).toContain("style.css");
  await slack.waitForStatus(general, ts, (status) => status.session === "suspended");
  expect((await fetch(`${workerUrl}/sites/bread-club/`)).status).toBe(404);

  // F2: somebody else's click changes nothing and is told so, privately.
  await slack.press("U0GRACE", asked, "deckhand:approve");
  const told = await slack.waitForWhisper("U0GRACE");
  expect(shownText(told)).toContain("Ada");
  expect((await fetch(`${workerUrl}/sites/bread-club/`)).status).toBe(404);

  await slack.press("U0ADA", asked, "deckhand:approve");
  const url = `${workerUrl}/sites/bread-club/`;
  await slack.waitForReply(general, ts, has(url));
  const decided = await slack.waitForMessage(
    (message) => message.ts === asked.ts && shownButtons(message).length === 0,
  );
  expect(JSON.stringify(decided.blocks)).toMatch(/U0ADA|Ada/);
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("sandbox");
  expect(await page.text()).toContain("Bread Club");
  expect((await fetch(`${url}style.css`)).headers.get("content-type")).toContain("text/css");

  // E1: a change is approved again and shows on the next load.
  await slack.say("U0ADA", general, "change the title of the site bread-club to Bread and Butter", { threadTs: ts });
  const second = await slack.waitForReply(
    general,
    ts,
    (message) =>
      message.ts > asked.ts && shownButtons(message).some((button) => button.actionId === "deckhand:approve"),
  );
  expect(await (await fetch(url)).text()).not.toContain("Bread and Butter");
  await slack.press("U0ADA", second, "deckhand:approve");
  await slack.waitForMessage((message) => message.ts === second.ts && shownButtons(message).length === 0);
  await slack.waitForReply(general, ts, (message) => has("(version 2)")(message));
  expect(await (await fetch(url)).text()).toContain("Bread and Butter");
});

test("F3 deny: nothing is published, the model is told, the card says who", async () => {
  const { slack, workerUrl } = deckhand;
  const ts = await slack.say("U0GRACE", general, "@Deckhand make a small site called Secret Plans about plans");
  const asked = await card(ts, "Secret Plans");
  await slack.press("U0GRACE", asked, "deckhand:deny");
  await slack.waitForMessage((message) => message.ts === asked.ts && shownButtons(message).length === 0);
  await slack.waitForStatus(general, ts, (status) => status.session === "active");
  expect((await fetch(`${workerUrl}/sites/secret-plans/`)).status).toBe(404);
});

test("F4 a second click gets `already decided`, and nothing runs twice", async () => {
  const { slack } = deckhand;
  const ts = await slack.say("U0LINUS", general, "@Deckhand make a small site called Kernel Notes about kernels");
  const asked = await card(ts, "Kernel Notes");
  // Both are on their way before the card has lost its buttons.
  await Promise.all([1, 2].map(() => slack.press("U0LINUS", asked, "deckhand:approve")));
  const told = await slack.waitForWhisper("U0LINUS");
  expect(shownText(told)).toContain("already been decided");
  await slack.waitForReply(general, ts, has("(version 1)"));
});

test("a question with choices as buttons: the answer reaches the model", async () => {
  const { slack } = deckhand;
  const ts = await slack.say("U0ADA", general, "@Deckhand ask me which crust: thin, thick or none");
  const asked = await slack.waitForReply(general, ts, (message) =>
    shownButtons(message).some((button) => button.label === "thick"),
  );
  expect(shownButtons(asked).map((button) => button.label)).toEqual(expect.arrayContaining(["thin", "thick", "none"]));
  await slack.press("U0ADA", asked, "thick");
  await slack.waitForReply(
    general,
    ts,
    (message) => message.ts !== asked.ts && has("thick")(message) && !has("waiting")(message),
  );
});

test("F1 a file is deleted only after approval", async () => {
  const { slack } = deckhand;
  const ts = await slack.say("U0ADA", general, '@Deckhand write "buy flour" to home/todo.md');
  await slack.waitForReply(general, ts, has("home/todo.md"));
  await slack.say("U0ADA", general, "delete home/todo.md", { threadTs: ts });
  const asked = await card(ts, "home/todo.md");
  await slack.say("U0ADA", general, "read home/todo.md", { threadTs: ts });
  await slack.waitForReply(general, ts, has("buy flour"));
  await slack.press("U0ADA", asked, "deckhand:approve");
  await slack.waitForMessage((message) => message.ts === asked.ts && shownButtons(message).length === 0);
  await slack.say("U0ADA", general, "read home/todo.md", { threadTs: ts });
  await slack.waitForReply(general, ts, has("file.not_found"));
});
