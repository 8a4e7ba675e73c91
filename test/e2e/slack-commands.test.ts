import { afterAll, beforeAll, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";

/* A11 `/deckhand`: the same as Home, where one is typing; everything it says is for one person. */

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start({ env: { REHEARSAL_DELAY_MS: "5" } });
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const say = (text: string, options = {}) => deckhand.slack.say("U0ADA", general, text, options);
let seen = "";
/** What a command answers with, seen by this person only. */
async function answer(text: string, expected: string, as = "U0ADA"): Promise<string> {
  // An answer after Slack's time is refused there, and this throws.
  await deckhand.slack.command(as, general, "/deckhand", text);
  const shown = await deckhand.slack.waitForWhisper(as, (one) => one.ts > seen && has(expected)(one));
  seen = shown.ts;
  return shownText(shown);
}
const suspended = (ts: string) => deckhand.slack.waitForStatus(general, ts, (one) => one.session === "suspended");
const over = (ts: string) => deckhand.slack.waitForStatus(general, ts, (one) => one.session === "active");

test("A11 help says what there is; a word that is not known is help too, and means nothing to Slack", async () => {
  const help = await answer("help", "What Deckhand does");
  for (const name of ["threads", "files", "sites", "approvals", "stop", "model", "doctor"])
    expect(help).toContain(`/deckhand ${name}`);
  await answer("", "What Deckhand does");
  const unknown = await answer("<!channel>dance", "There is no");
  expect(unknown).toContain("&lt;!channel&gt;dance");
  expect(unknown).not.toContain("<!channel>");
});

test("A11 with nothing yet each list says what to do", async () => {
  await answer("threads", "No thread yet. Mention Deckhand", "U0LINUS");
  await answer("files", "No file yet.", "U0LINUS");
  await answer("sites", "No site yet.", "U0LINUS");
  await answer("approvals", "Nothing waits for you.", "U0LINUS");
  await answer("stop", "There is nothing to stop.", "U0LINUS");
});

test("A11 threads, files, approvals and sites of the person, and of nobody else", async () => {
  const ts = await say("@Deckhand make a small site called Tea & <Talk> about tea");
  await suspended(ts);
  const threads = await answer("threads", "waits for a decision");
  expect(threads).toContain(`/archives/${general}/p${ts.replace(".", "")}|make a small site called Tea &amp; `);
  expect(await answer("approvals", "Publish")).toContain(`/p${ts.replace(".", "")}|Publish`);
  expect(await answer("files", "Your newest files")).toContain("`sites/tea-talk/index.html`");
  await answer("threads", "No thread yet", "U0GRACE");
  await answer("approvals", "Nothing waits for you.", "U0GRACE");

  const card = await deckhand.slack.waitForReply(general, ts, (message) => shownButtons(message).length > 0);
  await deckhand.slack.press("U0ADA", card, "deckhand:approve");
  await over(ts);
  expect(await answer("sites", "Your sites")).toContain("/sites/tea-talk/|");
  await answer("approvals", "Nothing waits for you.");
  await answer("sites", "No site yet.", "U0GRACE");
});

test("A11 H1 model: which it is, one's own, a wrong one with what is wrong, and back", async () => {
  await answer("model", "the one that Deckhand's owner has set");
  expect(await answer("model nonsense:x", "Nothing was changed")).toContain("which is no provider");
  await answer("model openai:gpt-5", "OPENAI_API_KEY is not set");
  await answer("model", "the one that Deckhand's owner has set");
  await answer("model rehearsal", "Saved");
  expect(await answer("model", "set by you")).toContain("`rehearsal`");
  await answer("model", "the one that Deckhand's owner has set", "U0GRACE");
  await answer("model default", "Saved");
  await answer("model", "the one that Deckhand's owner has set");
});

test("A11 H2 doctor: what is on and off with the fix, and what is so for the person", async () => {
  const report = await answer("doctor", "How Deckhand is");
  for (const part of [
    "*Worker*",
    "*Slack*",
    "*Model*",
    "ANTHROPIC_API_KEY",
    "*For you*",
    "Nothing waits for your decision",
  ])
    expect(report).toContain(part);
});

test("A8 stop ends all that is at work for the person, and nothing of others", async () => {
  const mine = await say("@Deckhand count slowly to 500");
  const other = await deckhand.slack.say("U0GRACE", general, "@Deckhand count slowly to 500");
  for (const ts of [mine, other])
    await deckhand.slack.waitForStatus(general, ts, (status) => status.session === "processing");
  await deckhand.slack.waitForMessage((message) => message.threadTs === mine && message.user === "U0DECK");
  await answer("stop", "One thread of yours will stop");
  await deckhand.slack.waitForReply(general, mine, has("Stopped by Ada. What was done stays."));
  await over(mine);
  expect((await deckhand.slack.thread(general, other)).some(has("Stopped"))).toBe(false);
});

test("a command that is not ours is answered with 200 and logged", async () => {
  await deckhand.slack.setup({ commands: [{ command: "/sailor", description: "Not ours", usage: "" }] });
  await deckhand.slack.command("U0ADA", general, "/sailor", "ahoy");
  await deckhand.slack.setup({ commands: [{ command: "/deckhand", description: "Ours", usage: "help" }] });
  await answer("help", "What Deckhand does");
  expect(deckhand.output).toContain("nobody took a request");
});
