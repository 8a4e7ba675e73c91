import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultInput } from "../../bots/local/workspace/faults.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { longText, table } from "../../kernel/models/rehearsal/plans/talk.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { startOpenAI } from "../stand-ins/openai.ts";
import { inTurn, type Reply } from "../stand-ins/reply.ts";
import type { StandIn } from "../stand-ins/server.ts";

const general = "C0GENERAL";
let deckhand: Deckhand;
let model: StandIn;
/** What the model says; every word of it is its own, so that one that is lost or said twice is seen. */
let answer: () => Reply = () => ({});
beforeAll(async () => {
  model = await startOpenAI(() => answer());
  deckhand = await Deckhand.start({ env: { MODEL: "compat:scripted", COMPAT_BASE_URL: model.url } });
  // The first turn evaluates what later ones have.
  await asked(short);
});
afterAll(async () => {
  await deckhand.close();
  await model.close();
});
beforeEach(() => deckhand.slack.clearCalls());
afterEach(() => deckhand.slack.clearFaults());

const words = (count: number): string => Array.from({ length: count }, (_, n) => `word${n}`).join(" ");
/** Written at once: posted. */
const short: Reply = { text: words(12) };
/** Written slowly: streamed. */
const slow: Reply = { text: words(60), pieceMs: 25 };

/** The last call of a turn: what is to be shown is shown. */
const over = (ts: string): Promise<unknown> =>
  deckhand.slack.waitForCall(
    "agents.sessions.setStatus",
    (call) => call.args["thread_ts"] === ts && call.args["status"] === "active",
    40_000,
  );
const ours = async (ts: string): Promise<PageMessage[]> =>
  (await deckhand.slack.thread(general, ts)).filter((message) => message.user === "U0DECK");
/** Asks, waits for the end of the turn, and gives what is to be read then. */
async function asked(reply: Reply): Promise<{ ts: string; messages: PageMessage[]; text: string }> {
  answer = () => reply;
  const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand speak");
  await over(ts);
  const messages = await ours(ts);
  return { ts, messages, text: messages.map(shownText).join("\n") };
}
/** Without the row of buttons that asks whether it was good. */
const flat = (text: string): string =>
  text
    .replaceAll(/\s*Good answer\s+Bad answer/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
const calls = async (method: string) => (await deckhand.slack.calls()).filter((call) => call.method === method);

const noStreams: FaultInput = { method: "chat.startStream", error: "unknown_method" };

describe("Slack says 429 with Retry-After: it is waited for, and the answer is complete, once", () => {
  test.each([
    ["chat.postMessage", short, [noStreams]],
    ["chat.appendStream", slow, []],
    ["chat.stopStream", slow, []],
    ["chat.update", slow, [noStreams]],
  ] as [string, Reply, FaultInput[]][])("%s", async (method, reply, before) => {
    for (const fault of [...before, { method, retryAfter: 2 }]) await deckhand.slack.fault(fault);
    const { messages, text } = await asked(reply);
    expect(flat(text)).toBe(reply.text);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.streaming).toBe(false);
    const [refused, next] = await calls(method);
    expect(refused?.error).toBe("ratelimited");
    expect((next?.at ?? Infinity) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
  });

  test("chat.startStream: no other stream is begun meanwhile, the answer is posted", async () => {
    await deckhand.slack.fault({ method: "chat.startStream", retryAfter: 2 });
    const { messages, text } = await asked(slow);
    expect(flat(text)).toBe(slow.text);
    expect(messages).toHaveLength(1);
    expect(await calls("chat.startStream")).toHaveLength(1);
  });
});

describe("where streams are refused the answer is posted and updated, with what its tools did", () => {
  test.each(["method_not_supported_for_channel_type", "unknown_method", "internal_error", "fatal_error"])(
    "%s",
    async (error) => {
      await deckhand.slack.fault({ method: "chat.startStream", error, times: 1000 });
      answer = inTurn({ toolCalls: [{ name: "list_files", input: {} }] }, { text: words(60), pieceMs: 60 });
      const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand speak");
      await over(ts);
      const text = (await ours(ts)).map(shownText).join("\n");
      expect(text).toContain("List all files");
      expect(flat(text)).toContain(words(60));
      expect(text.split("word7 ")).toHaveLength(2);
      expect(await calls("chat.startStream")).toHaveLength(1);
      expect((await calls("chat.update")).length).toBeGreaterThan(0);
    },
  );
});

describe("an answer that Slack never gives: every word is there once", () => {
  test.each([
    ["chat.postMessage", short, [noStreams]],
    ["chat.startStream", slow, []],
    ["chat.appendStream", slow, []],
    ["chat.stopStream", slow, []],
    ["chat.update", slow, [noStreams]],
  ] as [string, Reply, FaultInput[]][])("%s was done and the connection broke", async (method, reply, before) => {
    for (const fault of [...before, { method, drop: "after" } as const]) await deckhand.slack.fault(fault);
    const { messages, text } = await asked(reply);
    expect(flat(text)).toBe(reply.text);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.streaming).toBe(false);
  });

  test.each([
    ["chat.postMessage", short, [noStreams]],
    ["chat.appendStream", slow, []],
  ] as [string, Reply, FaultInput[]][])("%s was not done, and Slack answered 503", async (method, reply, before) => {
    for (const fault of [...before, { method, status: 503 }]) await deckhand.slack.fault(fault);
    const { messages, text } = await asked(reply);
    expect(flat(text)).toBe(reply.text);
    expect(messages).toHaveLength(1);
  });
});

test("a long answer goes on in further messages: every word once and in order, the table whole, nothing over Slack's limits", async () => {
  const [first, second] = [longText(2090), longText(3000)];
  const { messages, text } = await asked({ text: `${first}\n\n${table}\n\n${second}`, pieceMs: 1 });
  expect(messages.length).toBeGreaterThan(2);
  // A table is shown as one: its cells, without the marks that made it.
  const cells = table.replaceAll(/\| --- [| -]*\|/g, "").replaceAll(/[|`]/g, " ");
  expect(flat(text)).toBe(flat(`${first}\n\n${cells}\n\n${second}`));
  const tables = messages.map(
    (message) => message.segments.filter((one) => JSON.stringify(one).includes('"type":"table"')).length,
  );
  expect(tables.reduce((sum, count) => sum + count, 0)).toBe(1);
  for (const message of messages) expect(new TextEncoder().encode(shownText(message)).length).toBeLessThan(12_000);
  expect((await deckhand.slack.calls()).filter((call) => !call.ok)).toEqual([]);
});

test("without sessions the older status line is used", async () => {
  await deckhand.slack.fault({ method: "agents.sessions.setStatus", error: "unknown_method", times: 1000 });
  answer = () => short;
  const ts = await deckhand.slack.say("U0ADA", general, "@Deckhand speak");
  const ofThread = (call: { args: Record<string, unknown> }) => call.args["thread_ts"] === ts;
  const working = await deckhand.slack.waitForCall("assistant.threads.setStatus", ofThread);
  expect(working).toMatchObject({ ok: true, args: { status: "is working on it…" } });
  await deckhand.slack.waitForCall(
    "assistant.threads.setStatus",
    (call) => ofThread(call) && call.args["status"] === "",
  );
  expect(flat((await ours(ts)).map(shownText).join("\n"))).toBe(short.text);
  expect(await calls("agents.sessions.setStatus")).toHaveLength(1);
});

describe("where nothing can be posted any more it ends quietly, without a loop", () => {
  test.each(["channel_not_found", "is_archived", "not_in_channel"])("%s", async (error) => {
    const { slack } = deckhand;
    for (const method of ["chat.postMessage", "chat.startStream", "chat.appendStream", "chat.stopStream"])
      await slack.fault({ method, error, times: 1000 });
    answer = () => slow;
    const ts = await slack.say("U0ADA", general, "@Deckhand speak");
    await expect.poll(() => deckhand.trace(general, ts), { timeout: 20_000 }).toContain("turn.finished");
    const { text } = await (async () => {
      await slack.clearFaults();
      return asked(short);
    })();
    expect(flat(text)).toBe(short.text);
    const tried = (await slack.calls()).filter((call) => call.method.startsWith("chat.") && call.error === error);
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.length).toBeLessThanOrEqual(8);
  });
});
