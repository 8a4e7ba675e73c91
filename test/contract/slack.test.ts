import { describe, expect, test } from "vitest";
import { slackIds } from "../../adapters/slack/ids.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import {
  approvalId,
  card,
  chatPortContract,
  delta,
  done,
  finished,
  presenter,
  stamp,
  started,
} from "./chat-port.contract.ts";
import type { fakeSlack } from "./fake-slack.ts";
import { slackHarness } from "./slack-harness.ts";

chatPortContract("Slack", () => slackHarness().harness);

describe("Slack's own ways", () => {
  const task = (n: number): StampedEvent["event"] => ({
    type: "task.started",
    task: `t${n}`,
    tool: "exec_code",
    title: `Run ${n}`,
    detail: "",
  });

  test("a turn that answers at once takes at most five calls", async () => {
    const { slack, say, show } = slackHarness();
    await show(say(started()));
    await show(say(delta("Hel")), say(delta("Hello")), say(done("Hello.")), say(finished));
    expect(slack.calls.map((call) => call.method)).toEqual([
      "agents.sessions.setStatus",
      "chat.postMessage",
      "agents.sessions.setStatus",
    ]);
    expect(slack.calls.map((call) => call.args["status"])).toEqual(["processing", undefined, "active"]);
    const streamed = slackHarness();
    await streamed.show(streamed.say(started()));
    await streamed.show(streamed.say(delta("Hel")));
    await streamed.show(streamed.say(delta("Hello")));
    await streamed.show(streamed.say(done("Hello.")), streamed.say(finished));
    expect(streamed.slack.calls.map((call) => call.method)).toEqual([
      "agents.sessions.setStatus",
      "chat.startStream",
      "chat.appendStream",
      "chat.stopStream",
      "agents.sessions.setStatus",
    ]);
    expect(streamed.slack.shown()).toEqual(["Hello."]);
  });

  test("A4 a tool call is a task card with live detail; an approval suspends the session", async () => {
    const { slack, say, show, harness } = slackHarness();
    await show(say(started()), say(task(1)));
    await show(say({ type: "task.progress", task: "t1", detail: "line <1>" }));
    await show(
      say({ type: "task.finished", task: "t1", outcome: "waiting", detail: "Waiting for Ada", code: null }),
      say(card(harness.user)),
      say({ type: "turn.suspended", approvals: [approvalId] }),
    );
    const chunks = slack.messages.flatMap((message) => message.chunks);
    expect(chunks).toContainEqual({
      type: "task_update",
      id: "t1",
      title: "Run 1",
      status: "in_progress",
      details: "line &lt;1&gt;",
    });
    // Slack shows a task that is open when its stream ends as failed: nothing has failed here.
    expect(slack.shown()[0]).toBe("[complete] Run 1: Waiting for Ada");
    expect(
      slack.calls.filter((call) => call.method === "agents.sessions.setStatus").map((call) => call.args["status"]),
    ).toEqual(["processing", "suspended"]);
  });

  test("where sessions are refused the status line is used, and a status never fails a turn", async () => {
    const { slack, say, show, later } = slackHarness();
    slack.fail("agents.sessions.setStatus", { error: "unknown_method" });
    slack.fail("assistant.threads.setStatus", { status: 429, retryAfter: 9 }, 2);
    await show(say(started()));
    later(9000);
    const last = [say(done("Hello.")), say(finished)];
    await expect(show(...last)).rejects.toMatchObject({ code: "platform.later" });
    expect(slack.shown()).toEqual(["Hello."]);
    later(9000);
    await show(...last);
    expect(slack.count("agents.sessions.setStatus")).toBe(1);
    expect(slack.count("assistant.threads.setStatus")).toBe(3);
    expect(slack.shown()).toEqual(["Hello."]);
  });

  test("A13 without sessions the older line has loading messages; in a DM it gets a title, and prompts once", async () => {
    const { slack, harness } = slackHarness();
    const thread = slackIds.thread({ team: "T1", channel: "D1", threadTs: slack.root });
    const { show } = presenter({ ...harness, thread });
    const say = stamp(harness.user);
    slack.fail("agents.sessions.setStatus", { error: "feature_disabled" });
    for (const turn of ["turn-1", "turn-2"])
      await show(say(started(), turn), say(done("Hello.", turn), turn), say(finished, turn));
    await show(say(started(), "turn-3"));
    expect(slack.calls.filter((call) => call.method === "assistant.threads.setStatus").at(-1)?.args).toMatchObject({
      channel_id: "D1",
      status: "is working on it…",
      loading_messages: expect.arrayContaining(["Thinking…"]),
    });
    expect(slack.count("assistant.threads.setTitle")).toBe(1);
    expect(slack.count("assistant.threads.setSuggestedPrompts")).toBe(1);
    expect(slack.shown()).toEqual(["Hello.", "Hello."]);
  });

  test("A4 the last message of an answer asks what the person thinks of it; where Slack refuses that, nothing is lost", async () => {
    const thumbs = (slack: ReturnType<typeof fakeSlack>) =>
      JSON.stringify(slack.messages).match(/feedback_buttons/g)?.length ?? 0;
    for (const [armed, count] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const { slack, say, show } = slackHarness();
      if (armed) slack.fail("chat.stopStream", { error: "invalid_blocks" });
      await show(say(started()), say(delta("Hel")));
      await show(say(done("Hello.")), say(finished));
      expect(slack.shown()).toEqual(["Hello."]);
      expect(slack.messages.every((message) => !message.streaming)).toBe(true);
      expect(thumbs(slack)).toBe(count);
    }
    const { slack, say, show } = slackHarness();
    await show(say(started()), say({ type: "turn.failed", code: "model.timeout", text: "No answer." }));
    expect(thumbs(slack)).toBe(0);
  });

  test.each(["channel_type_not_supported", "missing_recipient_user_id", "unknown_method"])(
    "where streaming is refused (%s) it is one message that is updated",
    async (error) => {
      const { slack, say, show } = slackHarness();
      slack.fail("chat.startStream", { error }, 5);
      await show(say(started()), say(delta("Hel")));
      await show(say(delta("Hello wor")));
      await show(
        say(task(1)),
        say({ type: "task.finished", task: "t1", outcome: "ok", detail: "2 lines", code: null }),
      );
      await show(say(done("Hello world.", "p2")), say(finished));
      expect(slack.shown()).toEqual(["Hello wor\n\n✅ **Run 1** — 2 lines\n\nHello world."]);
      expect(slack.count("chat.postMessage")).toBe(1);
    },
  );

  test.each([
    "message_not_in_streaming_state",
    "streaming_mode_mismatch",
    "msg_too_long",
    "method_not_supported_for_channel_type",
  ])("a stream that dies in the middle (%s) goes on as an edited message", async (error) => {
    const { slack, say, show } = slackHarness();
    await show(say(started()), say(delta("Hello")));
    slack.fail("chat.appendStream", { error });
    await show(say(delta("Hello wor")));
    await show(say(done("Hello world.")), say(finished));
    expect(slack.shown()).toEqual(["Hello world."]);
    expect(slack.messages.every((message) => !message.streaming)).toBe(true);
  });

  test("a message that somebody deletes while it is written is not brought back, and the text goes on below", async () => {
    const { slack, say, show } = slackHarness();
    await show(say(started()), say(delta("One two")));
    slack.messages.pop();
    await show(say(delta("One two three")));
    await show(say(done("One two three four.")), say(finished));
    expect(slack.shown()).toEqual([" three four."]);
  });

  test("an edited message that somebody deletes is not brought back either", async () => {
    const { slack, say, show } = slackHarness();
    slack.fail("chat.startStream", { error: "unknown_method" });
    await show(say(started()), say(delta("One two")));
    slack.messages.pop();
    await show(say(done("One two three.")), say(done("Four.", "p2")), say(finished));
    expect(slack.shown()).toEqual([" three.\n\nFour.".trim()]);
    expect(slack.count("chat.postMessage")).toBe(2);
  });

  test("where too many streams were started the message is posted and updated, and nobody waits", async () => {
    const { slack, say, show, later } = slackHarness();
    slack.fail("chat.startStream", { status: 429, retryAfter: 30 });
    await show(say(started()), say(delta("Hello")));
    await show(say(done("Hello world.")), say(finished));
    await show(say(started(), "turn-2"), say(delta("Again", "p2"), "turn-2"));
    expect([slack.count("chat.startStream"), slack.count("chat.postMessage")]).toEqual([1, 2]);
    await show(say(done("Again.", "p2"), "turn-2"), say(finished, "turn-2"));
    later(31_000);
    await show(say(started(), "turn-3"), say(delta("Third", "p3"), "turn-3"));
    expect(slack.count("chat.startStream")).toBe(2);
    expect(slack.shown()).toEqual(["Hello world.", "Again.", "Third"]);
  });

  test("streaming_state_conflict ends the stream and updates again", async () => {
    const { slack, say, show } = slackHarness();
    slack.fail("chat.startStream", { error: "unknown_method" });
    await show(say(started()), say(delta("Hello")));
    slack.fail("chat.update", { error: "streaming_state_conflict" });
    await show(say(done("Hello world.")), say(finished));
    expect(slack.shown()).toEqual(["Hello world."]);
  });

  test("a stream is rolled over before four minutes, and a running task goes on in the next message", async () => {
    const { slack, say, show, later } = slackHarness();
    await show(say(started()), say(delta("One. ")), say(task(1)));
    later(250_000);
    await show(
      say({ type: "task.finished", task: "t1", outcome: "ok", detail: "done", code: null }),
      say(delta("Two", "p2")),
    );
    await show(say(done("Two.", "p2")), say(finished));
    expect(slack.shown()).toEqual(["One. \n[complete] Run 1: Goes on below", "[complete] Run 1: done\nTwo."]);
  });

  test("a stream that is rolled over in the middle of a text goes on where it stopped", async () => {
    const { slack, say, show, later } = slackHarness();
    await show(say(started()), say(delta("One two")));
    later(250_000);
    await show(say(delta("One two three")));
    await show(say(done("One two three four.")), say(finished));
    expect(slack.shown()).toEqual(["One two", " three four."]);
  });

  test("a stream that died while a tool ran for long is finished as an edited message", async () => {
    const { slack, say, show, later } = slackHarness();
    await show(say(started()), say(delta("One.")), say(task(1)));
    later(400_000);
    await show(
      say({ type: "task.finished", task: "t1", outcome: "ok", detail: "done", code: null }),
      say(done("One.")),
      say(done("Two.", "p2")),
      say(finished),
    );
    expect(slack.shown()).toEqual(["One.\n\n⏸️ **Run 1** — Goes on below", "[complete] Run 1: done\nTwo."]);
  });

  test("many tasks with much to say are rolled over too, each of them shown to its end", async () => {
    const { slack, say, show } = slackHarness();
    await show(say(started()));
    for (let n = 0; n < 40; n++) {
      await show(
        say({
          type: "task.started",
          task: `t${n}`,
          tool: "x",
          title: `Task ${n} ${"with a long name ".repeat(6)}`,
          detail: "",
        }),
      );
      for (let line = 0; line < 6; line++)
        await show(say({ type: "task.progress", task: `t${n}`, detail: `line ${line} ${"x".repeat(200)}` }));
      await show(say({ type: "task.finished", task: `t${n}`, outcome: "ok", detail: `end ${n}`, code: null }));
      await show(say(done(`Said ${n}.`, `p${n}`)));
    }
    await show(say(finished));
    expect(slack.count("chat.update")).toBe(0);
    const shown = slack.shown();
    expect(shown.length).toBeGreaterThan(4);
    const all = shown.join("\n");
    expect(all.replace(/\[complete\] Task .*Goes on below\n/g, "").match(/\[complete\] Task \d+/g)).toEqual(
      Array.from({ length: 40 }, (_, n) => `[complete] Task ${n}`),
    );
    expect(all.match(/Said \d+/g)).toEqual(Array.from({ length: 40 }, (_, n) => `Said ${n}`));
    expect(all).not.toContain("[in_progress]");
  });

  test("A9 fences are closed and opened again where a message ends", async () => {
    const { slack, say, show } = slackHarness();
    const code = Array.from({ length: 900 }, (_, n) => `const value${n} = ${n} < 10;`).join("\n");
    const text = `Here:\n\n\`\`\`ts\n${code}\n\`\`\`\n\nThat is all.`;
    await show(say(started()));
    for (let at = 3000; at < text.length; at += 3000) await show(say(delta(text.slice(0, at))));
    await show(say(done(text)), say(finished));
    const shown = slack.shown();
    expect(shown.length).toBeGreaterThan(1);
    for (const [n, message] of shown.entries()) {
      expect(message.split("```").length % 2).toBe(1);
      expect(message.length).toBeLessThan(11_100);
      if (n > 0) expect(message.startsWith("```ts\n")).toBe(true);
    }
    expect(shown.join("\n").match(/value\d+ = \d+ < 10;/g)).toHaveLength(900);
  });

  test("msg_too_long on a post is tried once more as plain text in short messages", async () => {
    const { slack, say, show } = slackHarness();
    slack.fail("chat.postMessage", { error: "invalid_blocks" });
    const text = Array.from({ length: 1500 }, (_, n) => `w${n}`).join(" ");
    await show(say(started()), say(done(text)), say(finished));
    expect(slack.shown().join(" ").match(/w\d+/g)).toHaveLength(1500);
    expect(
      slack.messages.filter((message) => message.user === "UBOT").every((message) => message.text.length <= 3900),
    ).toBe(true);
  });

  test("Slack's refusal that nothing can mend reaches the caller, and the text is shown when it is mended", async () => {
    const { slack, say, show } = slackHarness();
    slack.fail("chat.postMessage", { error: "not_in_channel" });
    const events = [say(started()), say(done("Hello.")), say(finished)];
    await expect(show(...events)).rejects.toMatchObject({ code: "platform.refused", slack: "not_in_channel" });
    await show(...events);
    expect(slack.shown()).toEqual(["Hello."]);
  });
});
