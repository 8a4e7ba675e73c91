import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const ask = (text: string, options = {}) => deckhand.slack.say("U0ADA", general, text, options);
const has = (text: string) => (message: Parameters<typeof shownText>[0]) => shownText(message).includes(text);
/** Messages of ours under a root. */
const ours = async (ts: string, channel = general) =>
  (await deckhand.slack.thread(channel, ts)).filter((one) => one.user === "U0DECK");
const turns = async (ts: string, channel = general) =>
  (await deckhand.trace(channel, ts)).split('<span class="t">turn.started</span>').length - 1;

describe("a mention in a channel", () => {
  test("A1 it is answered in its thread, never in the channel", async () => {
    const ts = await ask("@Deckhand echo the first word");
    const answer = await deckhand.slack.waitForReply(general, ts, has("the first word"));
    expect(answer.threadTs).toBe(ts);
    const top = (await deckhand.slack.channel(general)).filter((one) => one.user === "U0DECK" && one.threadTs === null);
    expect(top).toEqual([]);
  });

  test("A4 status while it works, each tool call a task card, and the status ends with the answer", async () => {
    const ts = await ask("@Deckhand run: console.log('hello from the isolate'); return 6 * 7");
    // A call is remembered: the status may be another one by now.
    await deckhand.slack.waitForCall(
      "agents.sessions.setStatus",
      ({ args }) => args["thread_ts"] === ts && args["status"] === "processing",
    );
    const answer = await deckhand.slack.waitForReply(general, ts, has("42"));
    const tasks = answer.segments.flatMap((segment) => (segment.kind === "task" ? [segment.task] : []));
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ status: "complete" });
    expect(`${tasks[0]?.details}${tasks[0]?.output}`).toContain("hello from the isolate");
    await deckhand.slack.waitForStatus(general, ts, (status) => status.session === "active");
  });

  test("A2 a follow-up by the same person needs no mention; what another person says there wakes nothing", async () => {
    const ts = await ask("@Deckhand echo one");
    await deckhand.slack.waitForReply(general, ts, has("one"));
    await deckhand.slack.say("U0GRACE", general, "echo grace-was-here", { threadTs: ts });
    await ask("echo two-without-mention", { threadTs: ts });
    await deckhand.slack.waitForReply(general, ts, has("two-without-mention"));
    expect(await turns(ts)).toBe(2);
    expect((await ours(ts)).some(has("grace-was-here"))).toBe(false);
  });

  test("A2 an edit starts nothing", async () => {
    const ts = await ask("@Deckhand echo before-the-edit");
    await deckhand.slack.waitForReply(general, ts, has("before-the-edit"));
    await deckhand.slack.edit("U0ADA", general, ts, "@Deckhand echo after-the-edit");
    await deckhand.slack.waitForDelivery((one) => JSON.stringify(one).includes("message_changed"));
    expect(await turns(ts)).toBe(1);
  });

  test("channel chatter gets no answer and has no thread", async () => {
    const ts = await ask("just talking among ourselves");
    await deckhand.slack.waitForDelivery((one) => JSON.stringify(one).includes("talking among ourselves"));
    expect(await deckhand.trace(general, ts)).toContain("nothing has happened here yet");
  });

  test("A7 two messages at once in one thread are answered in order", async () => {
    const ts = await ask("@Deckhand echo alpha");
    // Two deliveries may overtake each other, and a word in a thread that is nobody's yet is chatter.
    await deckhand.slack.waitForDelivery((one) => one.ts === ts && one.ok);
    await ask("echo beta", { threadTs: ts });
    await deckhand.slack.waitForReply(general, ts, has("beta"));
    const answers = (await ours(ts)).map((one) => shownText(one)).join("\n");
    expect(answers.indexOf("alpha")).toBeGreaterThanOrEqual(0);
    expect(answers.indexOf("alpha")).toBeLessThan(answers.indexOf("beta"));
  });
});

describe("a DM", () => {
  test("A2 needs no mention, and each root is a thread of its own", async () => {
    const ts = await deckhand.slack.say("U0GRACE", "D0GRACE", "echo in private");
    const answer = await deckhand.slack.waitForReply("D0GRACE", ts, has("in private"));
    expect(answer.threadTs).toBe(ts);
  });
});

describe("A5 one message, many deliveries", () => {
  test("app_mention and message for one message make one turn, and so does each of them again with retry headers", async () => {
    await deckhand.slack.clearDeliveries();
    const ts = await ask("@Deckhand echo only-once");
    await deckhand.slack.waitForReply(general, ts, has("only-once"));
    const { deliveries } = await deckhand.slack.deliveries();
    const both = deliveries.filter((one) => one.body.includes("only-once"));
    expect(both.map((one) => one.type).toSorted()).toEqual(["app_mention", "message"]);
    for (const { body } of both) {
      for (const retry of [{ num: 1, reason: "http_timeout" }, undefined]) {
        await deckhand.slack.clearDeliveries();
        await deckhand.slack.sendRaw(body, retry);
        const again = await deckhand.slack.waitForDelivery((one) => one.body === body);
        expect(again.status).toBe(200);
      }
    }
    // A turn after these would stand behind them in the same queue.
    await ask("echo a-turn-after", { threadTs: ts });
    await deckhand.slack.waitForReply(general, ts, has("a-turn-after"));
    expect(await turns(ts)).toBe(2);
    expect((await ours(ts)).filter(has("only-once"))).toHaveLength(1);
  });

  const orders = [
    ["app_mention", "message"],
    ["message", "app_mention"],
  ] as const;
  const repeats = [undefined, { num: 1, reason: "http_timeout" }, { num: 3, reason: "http_error" }] as const;

  test.each(orders.flatMap((order) => repeats.map((retry) => [...order, retry?.num ?? 0, retry] as const)))(
    "%s, and %s ten minutes later with retry %i, make one turn",
    async (first, second, _, retry) => {
      await deckhand.slack.clearDeliveries();
      const sample = await ask("@Deckhand echo sample");
      await deckhand.slack.waitForReply(general, sample, has("sample"));
      const bodyOf = async (type: string, ts: string, text: string) => {
        const { body } = await deckhand.slack.waitForDelivery((one) => one.type === type && one.ts === sample);
        return body.replaceAll(sample, ts).replaceAll("echo sample", text);
      };
      // Nothing comes by itself, so that the order is ours.
      await deckhand.slack.setup({ events: [] });
      const text = `echo once-${first}-${retry?.num ?? 0}`;
      const ts = await ask(`@Deckhand ${text}`);
      await deckhand.slack.sendRaw(await bodyOf(first, ts, text), retry);
      await deckhand.slack.waitForReply(general, ts, has(text.slice(5)));
      await deckhand.slack.advance(10 * 60_000);
      const late = await bodyOf(second, ts, text);
      await deckhand.slack.sendRaw(late, retry);
      expect((await deckhand.slack.waitForDelivery((one) => one.body === late)).status).toBe(200);

      await deckhand.slack.setup({ events: null });
      await ask("echo a-turn-after", { threadTs: ts });
      await deckhand.slack.waitForReply(general, ts, has("a-turn-after"));
      expect(await turns(ts)).toBe(2);
      expect((await ours(ts)).filter(has(text.slice(5)))).toHaveLength(1);
    },
  );
});

test("A10 what the model writes pings nobody and hides no host", async () => {
  const ts = await ask("@Deckhand echo <!channel> and [a bank](https://evil.example/login)");
  const answer = await deckhand.slack.waitForReply(general, ts, has("evil.example"));
  expect(JSON.stringify(answer)).not.toContain("<!channel>");
  for (const call of await deckhand.slack.calls("chat.postMessage")) {
    expect([String(call.args["unfurl_links"]), String(call.args["unfurl_media"])]).toEqual(["false", "false"]);
  }
});

test("the trace of a thread can be read as a page", async () => {
  const ts = await ask("@Deckhand compute 2+2*3");
  await deckhand.slack.waitForReply(general, ts, has("8"));
  const page = await deckhand.trace(general, ts);
  for (const type of ["turn.started", "task.started", "task.finished", "text.done", "turn.finished"])
    expect(page).toContain(type);
});

test("a model that fails ends the turn with a notice, and the thread stays usable", async () => {
  const ts = await ask("@Deckhand fail");
  await deckhand.slack.waitForReply(general, ts, (message) => /model/i.test(shownText(message)));
  await ask("echo still-here", { threadTs: ts });
  await deckhand.slack.waitForReply(general, ts, has("still-here"));
});
