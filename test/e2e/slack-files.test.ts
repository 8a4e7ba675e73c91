import { afterAll, beforeAll, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const ask = (text: string, options = {}) => deckhand.slack.say("U0ADA", general, text, options);
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
/** The bytes as Ada's page gets them. */
async function bytesOf(message: PageMessage): Promise<string> {
  const url = new URL(message.files[0]?.url ?? "", deckhand.url);
  url.searchParams.set("as", "U0ADA");
  return (await fetch(url)).text();
}

test("A9 a file of one's own goes into the thread, with its words", async () => {
  const ts = await ask('@Deckhand write "buy flour" to home/todo.md');
  await deckhand.slack.waitForReply(general, ts, has("home/todo.md"));
  await ask("post the file home/todo.md", { threadTs: ts });
  const file = await deckhand.slack.waitForReply(general, ts, (one) => one.files.length > 0);
  expect(file).toMatchObject({ threadTs: ts, files: [{ name: "todo.md" }] });
  expect(file.text).toContain("Here is home/todo.md.");
  expect(await bytesOf(file)).toContain("buy flour");
  await deckhand.slack.waitForReply(general, ts, has("is in this thread"));
});

test("A10 an image of one's own files is shown, every other is a link with its host", async () => {
  const ts = await ask('@Deckhand write "<svg/>" to home/chart.svg');
  await deckhand.slack.waitForReply(general, ts, has("home/chart.svg"));
  await ask("echo See:\n\n![Sales](home/chart.svg)\n\n![x](https://i.example/a.png)", { threadTs: ts });
  const file = await deckhand.slack.waitForReply(general, ts, (one) => one.files.length > 0);
  expect(file.files[0]?.name).toBe("chart.svg");
  const link = await deckhand.slack.waitForReply(general, ts, has("i.example"));
  expect(JSON.stringify(link)).not.toContain("image_url");
});

test("another person's file is nobody's to post", async () => {
  const ts = await deckhand.slack.say("U0GRACE", general, "@Deckhand post the file home/todo.md");
  await deckhand.slack.waitForReply(general, ts, has("file.not_found"));
  const shared = (await deckhand.slack.thread(general, ts)).filter((one) => one.files.length > 0);
  expect(shared).toEqual([]);
});
