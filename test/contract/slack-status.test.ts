import { describe, expect, test } from "vitest";
import type { StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { approvalId, delta, done, finished, started } from "./chat-port.contract.ts";
import { slackHarness } from "./slack-harness.ts";

/* A13 the thread's state in Slack: what it comes to rest in is shown in the end, whatever Slack says to that at first. */

const sessions = "agents.sessions.setStatus";
const limited = { status: 429, retryAfter: 9 } as const;
const suspended: ThreadEvent = { type: "turn.suspended", approvals: [approvalId] };
const states: [string, ThreadEvent][] = [
  ["active", finished],
  ["suspended", suspended],
  ["closed", { type: "thread.closed" }],
];
const told = ({ slack }: ReturnType<typeof slackHarness>) =>
  slack.calls.filter((call) => call.method === sessions).map((call) => call.args["status"]);

describe("A13 the state in which a thread comes to rest", () => {
  test.each(states)("%s is shown when its time has come, and the answer does not wait for it", async (state, event) => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    await show(say(started()), say(delta("Hel")));
    slack.fail(sessions, limited);
    const text = say(done("Hello."));
    const last = say(event);
    const events: StampedEvent[] = [text, last];
    await expect(show(...events)).rejects.toMatchObject({ code: "platform.later", retryAfterMs: 9000 });
    expect(slack.shown()).toEqual(["Hello."]);
    expect(told(here)).toEqual(["processing", state]);
    // Too early: Slack is not asked.
    later(8000);
    await expect(show(last)).rejects.toMatchObject({ code: "platform.later", retryAfterMs: 1000 });
    expect(told(here)).toEqual(["processing", state]);
    later(1000);
    await show(last);
    expect(told(here)).toEqual(["processing", state, state]);
    await show(last);
    expect(told(here)).toHaveLength(3);
  });

  test("of several that could not be shown the last one wins, and the others are never caught up with", async () => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    await show(say(started()));
    slack.fail(sessions, limited);
    await expect(show(say(suspended))).rejects.toMatchObject({ code: "platform.later" });
    // Decided at once: what ran in between is over when Slack takes a state again.
    const decided = [say(started("decision"), "turn-2"), say(done("Out.", "p2"), "turn-2"), say(finished, "turn-2")];
    await expect(show(...decided)).rejects.toMatchObject({ code: "platform.later" });
    expect(told(here)).toEqual(["processing", "suspended"]);
    later(9000);
    await show();
    expect(told(here)).toEqual(["processing", "suspended", "active"]);
    expect(slack.shown()).toEqual(["Out."]);
  });

  test("one that is right again by itself costs no call", async () => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    await show(say(started()), say(done("One.")), say(finished));
    slack.fail(sessions, limited);
    const next = [say(started(), "turn-2"), say(delta("Two", "p2"), "turn-2")];
    await show(...next);
    later(1000);
    await show(say(done("Two.", "p2"), "turn-2"), say(finished, "turn-2"));
    expect(told(here)).toEqual(["active", "processing"]);
    expect(slack.shown()).toEqual(["One.", "Two."]);
  });

  test("that it runs is shown late when its time comes while it runs, and holds nothing up", async () => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    slack.fail(sessions, limited);
    await show(say(started()));
    await show(say(delta("Hel")));
    expect(slack.shown()).toEqual(["Hel"]);
    later(9000);
    await show(say(delta("Hello")));
    expect(told(here)).toEqual(["processing", "processing"]);
  });

  test.each(["lost-before", "lost-after"] as const)("an answer that is %s: it is said again", async (lost) => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    await show(say(started()));
    slack.fail(sessions, lost);
    const last = say(finished);
    await expect(show(last)).rejects.toMatchObject({ code: "platform.later", retryAfterMs: 1000 });
    later(1000);
    await show(last);
    expect(told(here)).toEqual(["processing", "active", "active"]);
  });

  test("whether Slack was told that it runs is not known: the end is told all the same", async () => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    await show(say(started()), say(done("One.")), say(finished));
    slack.fail(sessions, "lost-after");
    await show(say(started(), "turn-2"));
    later(1000);
    await show(say(finished, "turn-2"));
    expect(told(here)).toEqual(["active", "processing", "active"]);
  });

  test("a Slack that never takes it is given up on", async () => {
    const here = slackHarness();
    const { slack, say, show, later } = here;
    slack.fail(sessions, limited, 10_000);
    const last = say(finished);
    let asked = 0;
    for (; asked < 100; asked++) {
      const thrown = await show(last).catch((error: unknown) => error);
      if (thrown === undefined) break;
      expect(thrown).toMatchObject({ code: "platform.later" });
      later(9000);
    }
    expect(asked).toBe(40);
    expect(told(here)).toHaveLength(41);
  });
});
