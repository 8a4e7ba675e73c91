import { afterAll, beforeAll, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";

const waitMs = 30_000;
const general = "C0GENERAL";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start({ computer: "simulated" });
});
afterAll(() => deckhand.close());

const has = (text: string | RegExp) => (message: PageMessage) => {
  const shown = shownText(message);
  return typeof text === "string" ? shown.includes(text) : text.test(shown);
};
const reply = (ts: string, test: (message: PageMessage) => boolean) =>
  deckhand.slack.waitForReply(general, ts, test, waitMs);
const ask = (words: string) => deckhand.slack.say("U0ADA", general, `@Deckhand ${words}`);

test("C12 where no Linux can be had, every result begins with what it is, and health says so with the reason", async () => {
  const ts = await ask("run `echo hi > a; cat a`");
  const answer = shownText(await reply(ts, has("exit code **0**")));
  expect(answer).toContain("SIMULATED SHELL");
  expect(answer).toContain("[simulated shell:");
  expect(answer).toContain("\nhi\n");
  const health = await fetch(`${deckhand.workerUrl}/health`);
  const { features } = (await health.json()) as { features: { name: string; on: boolean; detail: string }[] };
  const computer = features.find((one) => one.name === "Linux computer");
  expect(computer?.on).toBe(false);
  expect(computer?.detail).toMatch(/^simulated: .{10}/);
  await deckhand.slack.say("U0ADA", general, "list my computers", { threadTs: ts });
  await reply(ts, has(/computer here is a \*\*simulated\*\*/));
});

test("C12 it works on the person's files and refuses Python, background and ports by name", async () => {
  const ts = await ask(
    "run `mkdir -p /r2/home && echo from-the-shell > /r2/home/shell.txt && wc -c < /r2/home/shell.txt`",
  );
  await reply(ts, has("exit code **0**"));
  await deckhand.slack.say("U0ADA", general, "read home/shell.txt", { threadTs: ts });
  await reply(ts, (message) => has("says:")(message) && has("from-the-shell")(message));
  await deckhand.slack.say("U0ADA", general, "run `python3 -c 'print(1)'`", { threadTs: ts });
  await reply(ts, has("a simulated shell has no python3"));
  await deckhand.slack.say("U0ADA", general, "run `sleep 9` in the background", { threadTs: ts });
  await reply(ts, (message) => has("computer.unsupported")(message) && has("background")(message));
  await deckhand.slack.say("U0ADA", general, "expose port 8080", { threadTs: ts });
  await reply(ts, (message) => has("computer.unsupported")(message) && has("ports")(message));
});
