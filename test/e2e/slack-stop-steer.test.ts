import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { startAnthropic } from "../stand-ins/anthropic.ts";
import { inTurn, type Reply } from "../stand-ins/reply.ts";
import type { Recorded, Script, StandIn } from "../stand-ins/server.ts";

/* A8 while a turn runs: what is said meanwhile steers it, and three ways to end it. */

const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const forever: Reply = { text: "and on ".repeat(400), pieceMs: 200 };

let script: Script = () => ({ text: "no script" });
const replies = (...each: [Reply, ...Reply[]]): void => {
  const next = inTurn(...each);
  script = () => next();
};

let deckhand: Deckhand;
let provider: StandIn;
beforeAll(async () => {
  provider = await startAnthropic((asked, index) => script(asked, index));
  deckhand = await Deckhand.start({ env: { ANTHROPIC_API_KEY: "sk-test", ANTHROPIC_BASE_URL: provider.url } });
});
afterAll(async () => {
  await deckhand.close();
  await provider.close();
});
beforeEach(() => {
  script = () => ({ text: "no script" });
});

const ask = (text: string, options = {}) => deckhand.slack.say("U0ADA", general, text, options);
const said = (ts: string, text: string) =>
  deckhand.slack.waitForMessage(
    (message) => message.threadTs === ts && message.user === "U0DECK" && has(text)(message),
  );
const over = (ts: string) => deckhand.slack.waitForStatus(general, ts, (status) => status.session === "active");
const whispered = (to: string, text: RegExp) =>
  deckhand.slack.waitForWhisper(to, (message) => text.test(shownText(message)));
const thread = async (ts: string) =>
  (await deckhand.slack.thread(general, ts))
    .filter((one) => one.user === "U0DECK")
    .map(shownText)
    .join("\n");
const last = (): Recorded => {
  const found = provider.requests.at(-1);
  if (!found) throw new Error("The provider was not asked.");
  return found;
};
const asks = (text: string): number =>
  provider.requests.filter((one) => JSON.stringify(one.body).includes(text)).length;

/** A turn that writes for a minute, seen to be writing. */
async function writing(text: string): Promise<{ ts: string; request: Recorded }> {
  script = () => forever;
  const ts = await ask(`@Deckhand ${text}`);
  await said(ts, "and on and on");
  return { ts, request: last() };
}

/** The turn is over, the provider was left alone, what was written stays, and the thread goes on. */
async function stopped({ ts, request }: { ts: string; request: Recorded }): Promise<void> {
  await said(ts, "Stopped by Ada. What was done stays.");
  await over(ts);
  expect(await request.ended).toBe("left");
  const shown = await thread(ts);
  expect(shown).toContain("and on and on");
  expect(shown).not.toContain("⚠️");
  replies({ text: "Here again." });
  await ask("and now?", { threadTs: ts });
  await said(ts, "Here again.");
}

describe("A8 a turn is ended", () => {
  test("by Slack's Stop button", async () => {
    const turn = await writing("write for long");
    await deckhand.slack.stop("U0ADA", general, turn.ts);
    await stopped(turn);
  });

  test('by "stop" in the thread', async () => {
    const turn = await writing("write for long again");
    await ask("stop", { threadTs: turn.ts });
    await stopped(turn);
    expect(asks('writes]\\nstop"')).toBe(0);
  });

  test("by the deletion of its question", async () => {
    const turn = await writing("write what I shall regret");
    await deckhand.slack.delete("U0ADA", general, turn.ts);
    await said(turn.ts, "Stopped");
    await over(turn.ts);
    expect(await turn.request.ended).toBe("left");
  });

  test("while a tool runs, and what the tool has done stays", async () => {
    const code =
      "await FILES.write('home/half.txt', 'half'); console.log('half done'); await new Promise((r) => setTimeout(r, 25000)); return 1";
    replies({ toolCalls: [{ name: "exec_code", input: { code } }] }, { text: "never said" });
    const ts = await ask("@Deckhand run it");
    await said(ts, "half done");
    const before = provider.requests.length;
    await deckhand.slack.stop("U0ADA", general, ts);
    await said(ts, "Stopped by Ada. What was done stays.");
    await over(ts);
    replies({ toolCalls: [{ name: "read_file", input: { path: "home/half.txt" } }] }, { text: "It is there." });
    await ask("is it there?", { threadTs: ts });
    await said(ts, "It is there.");
    expect(await thread(ts)).not.toContain("Stopped before it was done");
    expect(provider.requests.length).toBe(before + 2);
    expect(last().toolResults.at(-1)?.output).toContain("half");
    expect(await thread(ts)).not.toContain("never said");
  });

  test("before it has begun: a question that waits behind another person's turn and is deleted is never asked", async () => {
    const turn = await writing("write while others wait");
    const ts = await deckhand.slack.say("U0GRACE", general, "@Deckhand the question of Grace", { threadTs: turn.ts });
    await deckhand.slack.waitForDelivery((one) => one.body.includes("the question of Grace") && one.status === 200);
    await deckhand.slack.delete("U0GRACE", general, ts);
    await deckhand.slack.waitForDelivery(
      (one) => one.body.includes("message_deleted") && one.body.includes(ts) && one.status === 200,
    );
    await deckhand.slack.stop("U0ADA", general, turn.ts);
    await stopped(turn);
    expect(asks("the question of Grace")).toBe(0);
  });
});

test("A8 who has only a question waiting takes that back, and is told", async () => {
  const turn = await writing("write while Grace waits");
  await deckhand.slack.say("U0GRACE", general, "@Deckhand never mind this", { threadTs: turn.ts });
  await deckhand.slack.waitForDelivery((one) => one.body.includes("never mind this") && one.status === 200);
  await deckhand.slack.say("U0GRACE", general, "stop", { threadTs: turn.ts });
  await whispered("U0GRACE", /still waiting is taken back/);
  await deckhand.slack.stop("U0ADA", general, turn.ts);
  await stopped(turn);
  expect(asks("never mind this")).toBe(0);
});

test("A8 another person cannot end it by any of the ways, and is told so privately", async () => {
  const turn = await writing("write on whatever others say");
  await deckhand.slack.stop("U0GRACE", general, turn.ts);
  await whispered("U0GRACE", /Ada's turn; only they can stop it/);
  await deckhand.slack.say("U0GRACE", general, "@Deckhand stop", { threadTs: turn.ts });
  await deckhand.slack.say("U0GRACE", general, "@Deckhand stop please", { threadTs: turn.ts });
  const written = (await thread(turn.ts)).length;
  await deckhand.slack.waitForMessage(
    (message) => message.threadTs === turn.ts && shownText(message).length > written + 50,
  );
  expect(await thread(turn.ts)).not.toContain("Stopped");
  await deckhand.slack.stop("U0ADA", general, turn.ts);
  await stopped(turn);
});

test("A8 who stops when nothing runs is told so privately", async () => {
  replies({ text: "That was quick." });
  const ts = await ask("@Deckhand be quick");
  await said(ts, "That was quick.");
  await over(ts);
  await ask("stop", { threadTs: ts });
  await whispered("U0ADA", /Nothing is running here/);
});

/** All that was sent into the thread so far has reached it: inputs are taken in order, and this one is answered. */
async function taken(ts: string): Promise<void> {
  await deckhand.slack.stop("U0GRACE", general, ts);
  await deckhand.slack.waitForWhisper("U0GRACE", (one) => one.threadTs === ts && has("only they can stop it")(one));
}

describe("A8 a message during a run", () => {
  test("is shown as taken, reaches the model at its next step, and stays in what later turns know", async () => {
    const written = Promise.withResolvers<void>();
    replies(
      {
        text: "Writing the recipe. ".repeat(6),
        hold: written.promise,
        toolCalls: [{ name: "write_file", input: { path: "home/bread.md", content: "wheat" } }],
      },
      { text: "With rye, then." },
      { text: "As I said." },
    );
    const ts = await ask("@Deckhand write a recipe for bread");
    await said(ts, "Writing the recipe.");
    const before = provider.requests.length;
    await ask("make it rye", { threadTs: ts });
    await taken(ts);
    written.resolve();
    await said(ts, "Taken into account: “make it rye”");
    await said(ts, "With rye, then.");
    await over(ts);
    expect(provider.requests.length).toBe(before + 1);
    expect(last().text).toContain("make it rye");
    expect(JSON.stringify(last().body)).toContain("home/bread.md");
    expect((await deckhand.trace(general, ts)).split('<span class="t">turn.started</span>')).toHaveLength(2);

    await ask("what did I ask for?", { threadTs: ts });
    await said(ts, "As I said.");
    expect(asks("make it rye")).toBe(2);
  });

  test("that comes too late for a step is a turn of its own", async () => {
    const written = Promise.withResolvers<void>();
    replies({ text: "The only step there is. ".repeat(5), hold: written.promise }, { text: "And now the second." });
    const ts = await ask("@Deckhand one step");
    await said(ts, "The only step");
    await ask("and one more thing", { threadTs: ts });
    await taken(ts);
    written.resolve();
    await said(ts, "And now the second.");
    await over(ts);
    expect(last().text).toContain("and one more thing");
    expect((await deckhand.trace(general, ts)).split('<span class="t">turn.started</span>')).toHaveLength(3);
  });

  test("that is deleted before a step has taken it never reaches the model", async () => {
    const written = Promise.withResolvers<void>();
    replies(
      {
        text: "Thinking about it. ".repeat(10),
        hold: written.promise,
        toolCalls: [{ name: "list_files", input: {} }],
      },
      { text: "Listed." },
    );
    const ts = await ask("@Deckhand list my files");
    await said(ts, "Thinking about it.");
    const slip = await ask("a slip of the tongue", { threadTs: ts });
    await deckhand.slack.waitForDelivery((one) => one.body.includes("a slip of the tongue") && one.status === 200);
    await deckhand.slack.delete("U0ADA", general, slip);
    await deckhand.slack.waitForDelivery(
      (one) => one.body.includes("message_deleted") && one.body.includes(slip) && one.status === 200,
    );
    await taken(ts);
    written.resolve();
    await said(ts, "Listed.");
    await over(ts);
    expect(asks("a slip of the tongue")).toBe(0);
  });
});
