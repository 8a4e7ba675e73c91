import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const run = async (code: string, as = "U0ADA") => deckhand.slack.say(as, general, `@Deckhand run: ${code}`);

test("C1 a program reads and writes the same files as the tools", async () => {
  const ts = await run("await FILES.write('home/n.txt', 'forty-two'); return FILES.readText('home/n.txt')");
  await deckhand.slack.waitForReply(general, ts, has("forty-two"));
  await deckhand.slack.say("U0ADA", general, "read home/n.txt", { threadTs: ts });
  await deckhand.slack.waitForReply(
    general,
    ts,
    (message) =>
      message.segments.some((one) => one.kind === "task" && one.task.title.includes("home/n.txt")) &&
      has("forty-two")(message),
  );
});

test("B1 another person's program does not find them", async () => {
  const first = await run("await FILES.write('home/mine.txt', 'ada only'); return 'saved'");
  await deckhand.slack.waitForReply(general, first, has("saved"));
  const second = await run("return (await FILES.stat('home/mine.txt')) === null ? 'nothing there' : 'LEAK'", "U0GRACE");
  const answer = await deckhand.slack.waitForReply(general, second, has("nothing there"));
  expect(shownText(answer)).not.toContain("ada only");
});

test("C1 logs stand in the task card while the program runs", async () => {
  const ts = await run(
    "console.log('first line'); await new Promise((done) => setTimeout(done, 3000)); console.log('last line'); return 'over'",
  );
  const during = await deckhand.slack.waitForMessage(
    (message) => message.threadTs === ts && message.streaming && has("first line")(message),
  );
  expect(shownText(during)).not.toContain("last line\n");
  expect(during.segments.some((one) => one.kind === "task" && one.task.status === "in_progress")).toBe(true);
  await deckhand.slack.waitForReply(general, ts, has("over"));
});

test("C7 while(true){} ends in seconds, names its limit, and nothing else notices", async () => {
  const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand loop forever");
  const answer = await deckhand.slack.waitForReply(general, ts, has("limit.cpu"), 30_000);
  expect(shownText(answer)).toMatch(/2 ?s|2,?000/);
  const next = await deckhand.slack.say("U0GRACE", general, "@Deckhand echo all-well");
  await deckhand.slack.waitForReply(general, next, has("all-well"));
});

test("C8 fetch is refused", async () => {
  const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand fetch example.com from code");
  await deckhand.slack.waitForReply(general, ts, (message) => /refused|no network/.test(shownText(message)));
});

test("a program that throws is told with its own line", async () => {
  const ts = await deckhand.slack.say(
    "U0ADA",
    general,
    "@Deckhand ```\nconst a = 1;\nthrow new Error('on line two');\n```",
  );
  const answer = await deckhand.slack.waitForReply(general, ts, has("on line two"));
  expect(shownText(answer)).toMatch(/line 2/);
});
