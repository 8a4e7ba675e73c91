import { expect, test } from "vitest";
import { slackIds } from "../../adapters/slack/ids.ts";
import { slackPort } from "../../adapters/slack/index.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { card, delta, done, finished, presenter, stamp, started } from "./chat-port.contract.ts";
import type { Harness } from "./chat-port.contract.ts";
import { fakeSlack } from "./fake-slack.ts";
import type { Fault } from "./fake-slack.ts";
import { fc } from "../fast-check.ts";

const user = slackIds.user("T2", "U1");

function world() {
  let now = 1721000100000;
  const slack = fakeSlack(() => now);
  const port = slackPort({ token: slack.token, apiUrl: slack.apiUrl, fetch: slack.fetch });
  const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root });
  const { show, view } = presenter({ port, thread, now: () => now } as Harness);
  return { slack, say: stamp(user), show, view, wait: (ms: number) => (now += ms) };
}

/** Three words a time, each word once in all of the thread, so that what is lost or said twice is seen. */
const words = (from: number, count: number): string =>
  Array.from({ length: count }, (_, n) => `w${from + n}`).join(" ");

type Beat =
  | { kind: "text"; words: number; cuts: number }
  | { kind: "task" }
  | { kind: "card" }
  | { kind: "wait"; ms: number };
const beat: fc.Arbitrary<Beat> = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), words: fc.constantFrom(3, 40, 2500), cuts: fc.nat(4) }),
  fc.constant({ kind: "task" as const }),
  fc.constant({ kind: "card" as const }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1000, 250_000, 400_000) }),
);
const fault: fc.Arbitrary<{ method: string; fault: Fault }> = fc.record({
  method: fc.constantFrom(
    "chat.startStream",
    "chat.appendStream",
    "chat.stopStream",
    "chat.postMessage",
    "chat.update",
    "conversations.replies",
  ),
  fault: fc.constantFrom<Fault>(
    "lost-before",
    "lost-after",
    { status: 429, retryAfter: 1 },
    { error: "message_not_in_streaming_state" },
    { error: "internal_error" },
  ),
});

/** Comes again with the same events, as the Thread does, until they are shown. */
async function insist(show: (...events: StampedEvent[]) => Promise<void>, events: StampedEvent[]): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      return await show(...events);
    } catch (thrown) {
      // A refusal that was armed on a method that never gives it is no more than another failure here.
      if (!(thrown instanceof KernelError)) throw thrown;
    }
  }
  throw new Error("still not shown after twenty attempts");
}

const play = async (
  beats: readonly Beat[],
  faults: readonly { at: number; method: string; fault: Fault }[],
  recover: boolean,
) => {
  const { slack, say, show, view, wait } = world();
  let word = 0;
  let turn = 0;
  let cards = 0;
  const expected: string[] = [];
  await insist(show, [say(started(), `turn-${turn}`)]);
  for (const [n, one] of beats.entries()) {
    for (const armed of faults) if (armed.at === n) slack.fail(armed.method, armed.fault);
    const id = `turn-${turn}`;
    if (one.kind === "wait") wait(one.ms);
    else if (one.kind === "task") {
      await insist(show, [say({ type: "task.started", task: `t${n}`, tool: "x", title: "Look", detail: "d" }, id)]);
      await insist(show, [say({ type: "task.finished", task: `t${n}`, outcome: "ok", detail: "o", code: null }, id)]);
    } else if (one.kind === "card") {
      const asked = card(user, { title: `card${cards}`, approval: `ap_${String(cards++).padStart(32, "0")}` as never });
      expected.push(`card${cards - 1}`);
      await insist(show, [say(asked, id), say({ type: "turn.suspended", approvals: [] }, id)]);
      turn++;
      await insist(show, [say(started("decision"), `turn-${turn}`)]);
    } else {
      const text = words(word, one.words);
      word += one.words;
      expected.push(...text.split(" "));
      for (let cut = 1; cut <= one.cuts; cut++) {
        await insist(show, [say(delta(text.slice(0, Math.floor((text.length * cut) / (one.cuts + 1))), `p${n}`), id)]);
        wait(500);
      }
      // After a crash more was shown than the transcript knows of; the text goes on in another way.
      if (recover && one.cuts > 0) {
        await insist(show, [say(delta(`${text} nonsense that is lost`, `p${n}`), id)]);
        await insist(show, [say(started("recovery"), id)]);
      }
      await insist(show, [say(done(text, `p${n}`), id)]);
    }
  }
  await insist(show, [say(finished, `turn-${turn}`)]);
  await insist(show, []);
  return { slack, expected, view: view() };
};

const readWords = (shown: readonly string[]): string[] => shown.join("\n").match(/\b(?:w|card)\d+\b/g) ?? [];

test.each([false, true])(
  "B4 whatever Slack fails at, every word is shown once and in order (with recoveries: %s)",
  async (recover) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(beat, { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ at: fc.nat(5), armed: fault }), { maxLength: 5 }),
        async (beats, faults) => {
          const armed = faults.map(({ at, armed }) => ({ at, ...armed }));
          const { slack, expected, view } = await play(beats, armed, recover);
          expect(readWords(slack.shown())).toEqual(expected);
          expect(slack.shown().join("\n")).not.toContain("nonsense");
          // A stream that Slack falsely calls ended is not ended by us.
          const lied = faults.some(({ armed }) => typeof armed.fault === "object" && "error" in armed.fault);
          if (!lied) expect(slack.messages.filter((message) => message.streaming && !slack.dead(message))).toEqual([]);
          expect(JSON.stringify(view).length).toBeLessThan(1000 + 1500 * beats.length);
        },
      ),
      { numRuns: Number(process.env["FAULT_RUNS"] ?? 150), seed: Number(process.env["FAULT_SEED"] ?? 7) },
    );
  },
  60_000,
);
