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
const blocksOf = (message: PageMessage) => [
  ...message.blocks,
  ...message.segments.flatMap((segment) => (segment.kind === "blocks" ? segment.blocks : [])),
];
const withTable = (message: PageMessage) => JSON.stringify(blocksOf(message)).includes('"type":"table"');
const rows = (count: number) =>
  `| name | value |\n|---|---|\n${Array.from({ length: count }, (_, n) => `| row${n} | ${n} |`).join("\n")}`;
const refused = async () => (await deckhand.slack.calls()).filter((call) => !call.ok).map((call) => call.method);

test("A9 a table in an answer is a table of Slack's, and the answer asks what one thinks of it", async () => {
  const ts = await ask(`@Deckhand echo Here:\n\n${rows(4)}\n\nThat is all.`);
  const message = await deckhand.slack.waitForReply(general, ts, (one) => withTable(one) && has("That is all.")(one));
  expect(shownText(message)).toContain("row3");
  expect(shownText(message)).not.toContain("|---|");
  const settled = await deckhand.slack.waitForReply(general, ts, (one) =>
    JSON.stringify(blocksOf(one)).includes("deckhand:feedback"),
  );
  await deckhand.slack.press("U0ADA", settled, "deckhand:feedback", feedbackOf(settled, "down"));
  await expect.poll(() => deckhand.trace(general, ts), { timeout: 30_000 }).toContain("feedback.given");
  expect(await refused()).toEqual([]);
});

/** The value that the button of one side sends. */
function feedbackOf(message: PageMessage, sense: "up" | "down"): string {
  return new RegExp(`"value":"(${sense}\\|[^"]*)"`).exec(JSON.stringify(blocksOf(message)))?.[1] ?? "";
}

test("A9 a table beyond Slack's limits is its first rows and a CSV file in the thread", async () => {
  const ts = await ask(`@Deckhand echo Large:\n\n${rows(130)}\n\nEnd of it.`);
  const file = await deckhand.slack.waitForReply(general, ts, (one) => one.files.length > 0);
  expect(file.files[0]?.name).toBe("table.csv");
  const url = new URL(file.files[0]?.url ?? "", deckhand.url);
  url.searchParams.set("as", "U0ADA");
  const bytes = await (await fetch(url)).text();
  expect(bytes).toContain("row129,129");
  await deckhand.slack.waitForReply(general, ts, has("End of it."));
  expect(await refused()).toEqual([]);
});

test("A9 past five messages the whole answer is in a file", async () => {
  const ts = await ask("@Deckhand write 12000 words");
  const file = await deckhand.slack.waitForReply(general, ts, (one) => one.files.length > 0);
  expect(file.files[0]?.name).toBe("answer.md");
  expect(file.files[0]?.size).toBeGreaterThan(55_000);
  const ours = (await deckhand.slack.thread(general, ts)).filter((one) => one.user === "U0DECK");
  expect(ours.length).toBeLessThanOrEqual(7);
  expect(ours.every((one) => !one.streaming)).toBe(true);
  expect(await refused()).toEqual([]);
});
