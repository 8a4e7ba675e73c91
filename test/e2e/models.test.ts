import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { startAnthropic } from "../stand-ins/anthropic.ts";
import { startOpenAI } from "../stand-ins/openai.ts";
import { fail, inTurn, type Reply } from "../stand-ins/reply.ts";
import type { Recorded, Script, StandIn } from "../stand-ins/server.ts";

/*
 * The real provider packages inside the Worker, over HTTP, against stand-ins of the providers' wires.
 */
const general = "C0GENERAL";
const key = "sk-test-0123456789abcdefghij";
const photo = readFileSync(join(import.meta.dirname, "../fixtures/pixel.jpg"));
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);

/** What a stand-in says is given by each test. */
let script: Script = () => ({ text: "no script" });
const scripted: Script = (asked, index) => script(asked, index);
const replies = (...each: [Reply, ...Reply[]]): void => {
  const next = inTurn(...each);
  script = () => next();
};

let deckhand: Deckhand;
let provider: StandIn;
beforeEach(() => {
  script = () => ({ text: "no script" });
});
const ask = (text: string, options = {}) => deckhand.slack.say("U0ADA", general, `@Deckhand ${text}`, options);
const reply = (ts: string, text: string, timeoutMs?: number) =>
  deckhand.slack.waitForReply(general, ts, has(text), timeoutMs);
const over = (ts: string, timeoutMs = 30_000) =>
  deckhand.slack.waitForStatus(general, ts, (status) => status.session === "active", timeoutMs);
/** All that Deckhand says under a root when its turn is over. */
const said = async (ts: string, timeoutMs?: number): Promise<string> => {
  await over(ts, timeoutMs);
  const thread = await deckhand.slack.thread(general, ts);
  return thread
    .filter((message) => message.user === "U0DECK")
    .map(shownText)
    .join("\n");
};
const last = (): Recorded => {
  const found = provider.requests.at(-1);
  if (!found) throw new Error("The provider was not asked.");
  return found;
};
/** Nothing of the key or of a provider's own error text is anywhere a person or an operator looks. */
const keptQuiet = async (ts: string): Promise<void> => {
  const seen = [
    await deckhand.trace(general, ts),
    JSON.stringify(await deckhand.slack.calls()),
    deckhand.output,
  ].join();
  expect(seen).not.toContain(key);
  expect(seen).not.toMatch(
    /sk-secret|per-minute rate limit|Internal server error|210000 tokens|Please adjust your input/,
  );
};

const providers: [string, (url: string) => Record<string, string>, typeof startAnthropic][] = [
  ["ANTHROPIC_API_KEY", (url) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }), startAnthropic],
  ["OPENAI_API_KEY", (url) => ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url }), startOpenAI],
  [
    "MODEL=compat:…",
    (url) => ({ MODEL: "compat:llava-like", MODEL_EYES: "yes", COMPAT_BASE_URL: url, COMPAT_API_KEY: key }),
    startOpenAI,
  ],
  ["MODEL=ollama:…", (url) => ({ MODEL: "ollama:gemma3:12b", OLLAMA_BASE_URL: url }), startOpenAI],
];

describe.each(providers)("with %s", (name, env, start) => {
  beforeAll(async () => {
    provider = await start(scripted);
    deckhand = await Deckhand.start({ env: env(provider.url) });
  });
  afterAll(async () => {
    await deckhand.close();
    await provider.close();
  });

  test("an answer streams into the thread; the system prompt and every tool reach the provider", async () => {
    script = () => ({ text: "one two three four five six seven eight nine ten eleven twelve", pieceMs: 150 });
    const ts = await ask("count");
    const during = await deckhand.slack.waitForMessage(
      (message) => message.threadTs === ts && message.streaming && has("one two")(message),
    );
    expect(shownText(during)).not.toContain("twelve");
    const answer = await reply(ts, "twelve");
    expect(answer.segments[0]).toEqual({
      kind: "markdown",
      text: "one two three four five six seven eight nine ten eleven twelve",
    });
    expect(last().system).toContain("You are Deckhand");
    expect(last().system).toContain("You answer Ada");
    expect(last().tools).toEqual(
      expect.arrayContaining(
        "ask_person delete_file exec_code find_files list_files move_file process_attachment publish_site read_file write_file".split(
          " ",
        ),
      ),
    );
    expect(last().text).toContain("count");
    await over(ts);
    expect(await deckhand.trace(general, ts)).toContain("12 tokens in, 34 out");
  });

  test("a tool call goes round: the file is there, its result reaches the model, the answer follows", async () => {
    replies(
      { text: "Writing it.", toolCalls: [{ name: "write_file", input: { path: "home/bread.md", content: "rye" } }] },
      { text: "It is written." },
      { toolCalls: [{ name: "read_file", input: { path: "home/bread.md" } }] },
      { text: "It says rye." },
    );
    const ts = await ask("write rye to home/bread.md");
    await reply(ts, "It is written.");
    expect(last().toolResults).toHaveLength(1);
    expect(last().toolResults[0]?.output).toContain("home/bread.md");
    await ask("read it", { threadTs: ts });
    await reply(ts, "It says rye.");
    expect(last().toolResults[0]?.output).toContain("rye");
  });

  test("a photo's bytes reach the model's eyes", async () => {
    script = (asked) => {
      if (asked.toolResults.length === 0 && asked.images.length === 0)
        return { toolCalls: [{ name: "process_attachment", input: { path: "uploads/pixel.jpg" } }] };
      return { text: "One grey pixel." };
    };
    const ts = await ask("what is on it?", { files: [{ name: "pixel.jpg", bytes: photo, type: "image/jpeg" }] });
    await reply(ts, "One grey pixel.");
    expect(last().images).toEqual([{ mediaType: "image/jpeg", bytes: new Uint8Array(photo) }]);
  });

  test("an approval goes round: the model is called again with the outcome, and concludes", async () => {
    const slug = `bread-${name.toLowerCase().replaceAll(/[^a-z]+/g, "")}`;
    replies(
      { toolCalls: [{ name: "write_file", input: { path: `sites/${slug}/index.html`, content: "<h1>Bread</h1>" } }] },
      { toolCalls: [{ name: "publish_site", input: { slug, title: "Bread" } }] },
      { text: "Waiting for your decision." },
      { text: "Published, and done." },
    );
    const ts = await ask("publish it");
    const card = await deckhand.slack.waitForReply(general, ts, (message) => shownButtons(message).length > 0);
    await deckhand.slack.waitForStatus(general, ts, (status) => status.session === "suspended");
    expect((await fetch(`${deckhand.workerUrl}/sites/${slug}/`)).status).toBe(404);
    const before = provider.requests.length;
    await deckhand.slack.press("U0ADA", card, "deckhand:approve");
    await reply(ts, "Published, and done.");
    expect(provider.requests.length).toBe(before + 1);
    expect(JSON.stringify(last().body)).toContain(`/sites/${slug}/`);
    expect(await (await fetch(`${deckhand.workerUrl}/sites/${slug}/`)).text()).toContain("<h1>Bread</h1>");
  });

  test("a key that is refused: the notice names the variable to check and never the key", async () => {
    replies({ fail: fail.unauthorized });
    const ts = await ask("hello");
    const text = await said(ts);
    expect(text).toMatch(/⚠️ The model provider refused the key/);
    const variable = Object.keys(env("")).find((one) => /_API_KEY$|OLLAMA/.test(one));
    expect(text).toContain(variable);
    replies({ text: "All right again." });
    await ask("and now?", { threadTs: ts });
    await reply(ts, "All right again.");
    await keptQuiet(ts);
  });

  // The provider packages wait seconds before they try again: what they have in common is shown once.
  const atLength = name === "ANTHROPIC_API_KEY";
  test.each([
    ["429 with retry-after", fail.rateLimited(1)] as const,
    ...(atLength
      ? ([
          ["529", fail.overloaded],
          ["500", fail.broken],
        ] as const)
      : []),
  ])("%s once: it is asked again, and the answer comes once", async (_name, failure) => {
    replies({ fail: failure }, { text: "After one more try." });
    const before = provider.requests.length;
    const ts = await ask("hello");
    await reply(ts, "After one more try.");
    expect(await said(ts)).not.toContain("⚠️");
    expect(provider.requests.length).toBe(before + 2);
    await keptQuiet(ts);
  });

  if (atLength)
    test("a provider that fails for ever: a notice says what to do, and the thread stays usable", async () => {
      replies({ fail: fail.broken });
      const ts = await ask("hello");
      const text = await said(ts, 60_000);
      expect(text).toMatch(/⚠️ The model provider failed on its side\. Nothing is lost: please ask again/);
      expect(text.split("⚠️")).toHaveLength(2);
      replies({ text: "Back again." });
      await ask("and now?", { threadTs: ts });
      await reply(ts, "Back again.");
      await keptQuiet(ts);
    });

  test.each([
    ["an error in the middle of the stream", fail.midStream],
    ["a connection that is cut in the middle", fail.cut],
  ])("%s: what was said stays, a notice follows, and the thread stays usable", async (_name, failure) => {
    replies({ text: "The first half of", pieceMs: 30, fail: failure });
    const ts = await ask("hello");
    const text = await said(ts);
    expect(text.split("The first half of")).toHaveLength(2);
    expect(text.split("⚠️")).toHaveLength(2);
    expect(text).toMatch(/ask again/);
    replies({ text: "Back again." });
    await ask("and now?", { threadTs: ts });
    await reply(ts, "Back again.");
    await keptQuiet(ts);
  });

  test("a conversation that is too long is said so, with what to do", async () => {
    replies({ fail: name === "ANTHROPIC_API_KEY" ? fail.tooLongAnthropic : fail.tooLongOpenAI });
    const ts = await ask("hello");
    expect(await said(ts)).toMatch(/⚠️ This is more than the model can take in at once\. Start a new thread/);
    await keptQuiet(ts);
  });
});

test("with MODEL_EYES=no a photo does not reach the model, and the tool says so plainly", async () => {
  provider = await startAnthropic(scripted);
  deckhand = await Deckhand.start({
    env: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: provider.url, MODEL_EYES: "no" },
  });
  try {
    script = (asked) =>
      asked.toolResults.length === 0
        ? { toolCalls: [{ name: "process_attachment", input: { path: "uploads/pixel.jpg" } }] }
        : { text: "I cannot see it." };
    const ts = await ask("what is on it?", { files: [{ name: "pixel.jpg", bytes: photo, type: "image/jpeg" }] });
    await reply(ts, "I cannot see it.");
    expect(last().toolResults[0]?.output).toContain("cannot see pictures");
    expect(provider.requests.flatMap((one) => one.images)).toEqual([]);
  } finally {
    await deckhand.close();
    await provider.close();
  }
});
