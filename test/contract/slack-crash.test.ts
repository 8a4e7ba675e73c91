import { describe, expect, test } from "vitest";
import { delta, done, finished, started } from "./chat-port.contract.ts";
import { slackHarness } from "./slack-harness.ts";

describe("B4 after a crash in mid-stream", () => {
  test("the message says what the transcript says, when that is less than was shown", async () => {
    const { slack, say, show } = slackHarness();
    await show(say(started()), say(delta("Hello wonderful wor")));
    await show(say(started("recovery")));
    await show(say(delta("Hello the")));
    await show(say(done("Hello there.")), say(finished));
    expect(slack.shown()).toEqual(["Hello there."]);
    expect(slack.messages.every((message) => !message.streaming)).toBe(true);
  });

  test("a part that was cut off and is not in the transcript is replaced by the new one", async () => {
    const { slack, say, show } = slackHarness();
    await show(say(started()), say(delta("Hello wonderful wor")));
    await show(say(started("recovery"), "turn-2"), say(delta("Hello th", "p2"), "turn-2"));
    await show(say(done("Hello there.", "p2"), "turn-2"), say(finished, "turn-2"));
    expect(slack.shown()).toEqual(["Hello there."]);
  });

  test("a text that goes on from what was shown stays in its message", async () => {
    const { slack, say, show } = slackHarness();
    await show(say(started()), say(delta("Hello wor")));
    await show(say(started("recovery")), say(done("Hello world.")), say(finished));
    expect(slack.shown()).toEqual(["Hello world."]);
  });

  test("an addition whose answer was lost is not made twice", async () => {
    for (const lost of ["lost-before", "lost-after"] as const) {
      const { slack, say, show } = slackHarness();
      await show(say(started()), say(delta("One ")));
      slack.fail("chat.appendStream", lost);
      await expect(show(say(delta("One two ")))).rejects.toMatchObject({ code: "platform.unreachable" });
      await show(say(done("One two three.")), say(finished));
      expect(slack.shown()).toEqual(["One two three."]);
    }
  });

  test("an end whose answer was lost leaves the whole text", async () => {
    for (const lost of ["lost-before", "lost-after"] as const) {
      const { slack, say, show } = slackHarness();
      await show(say(started()), say(delta("One ")));
      slack.fail("chat.stopStream", lost);
      const last = [say(done("One two.")), say(finished)];
      await expect(show(...last)).rejects.toMatchObject({ code: "platform.unreachable" });
      await show(...last);
      expect(slack.shown()).toEqual(["One two."]);
      expect(slack.messages.every((message) => !message.streaming)).toBe(true);
    }
  });

  test("a started stream whose answer was lost is found among our messages", async () => {
    for (const lost of ["lost-before", "lost-after"] as const) {
      const { slack, say, show } = slackHarness();
      await show(say(started(), "turn-0"), say(done("Earlier.", "p0"), "turn-0"), say(finished, "turn-0"));
      await show(say(started()));
      slack.fail("chat.startStream", lost);
      await expect(show(say(delta("One ")))).rejects.toMatchObject({ code: "platform.unreachable" });
      await show(say(started("recovery")), say(done("One two.")), say(finished));
      expect(slack.shown()).toEqual(["Earlier.", "One two."]);
    }
  });

  test("text that had been split over messages is set right in all of them", async () => {
    const { slack, say, show } = slackHarness();
    const long = Array.from({ length: 2500 }, (_, n) => `word${n}`).join(" ");
    await show(say(started()));
    for (let at = 3000; at < long.length; at += 3000) await show(say(delta(long.slice(0, at))));
    expect(slack.shown().length).toBeGreaterThan(1);
    const short = `${long.slice(0, 5000)} and so on.`;
    await show(say(started("recovery")), say(done(short)), say(finished));
    expect(slack.shown()).toEqual([short]);
  });
});
