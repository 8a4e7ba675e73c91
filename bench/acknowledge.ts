import type { Deckhand } from "../test/harness/deckhand.ts";
import { startForBench } from "./lib/start.ts";
import { Answers } from "./lib/answers.ts";
import { chatterBody, mentionBodies, type Said } from "./lib/events.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { due, planned, play } from "./lib/schedule.ts";
import { Sender } from "./lib/sender.ts";
import { stats } from "./lib/stats.ts";

const load = { seconds: 20, chatterPerSecond: 100, mentionsPerSecond: 5, burst: 100, burstSeconds: 1 };
const warmups = 5;
const answersWithinMs = 120_000;
const channels = ["C0GENERAL", "C0RANDOM", "C0PROJECT"];
const users = ["U0ADA", "U0GRACE", "U0LINUS"];
const turnOf = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/**
 * Roots that the workspace knows, so that our answers have a place: written by people without naming us, which is
 * chatter; the events that name us are the bench's own.
 */
async function roots(deckhand: Deckhand, count: number): Promise<Said[]> {
  const made: Said[] = [];
  for (let index = 0; index < count; index += 1) {
    const [channel, user] = [turnOf(channels, index), turnOf(users, index)];
    const text = `echo answer-${index}.`;
    made.push({ channel, user, text, ts: await deckhand.slack.say(user, channel, text) });
  }
  return made;
}

interface Load {
  plan: { atMs: number; what: string }[];
  asked: Said[];
}

function mentions(asked: Said[], atMs: number[]): Load["plan"] {
  return asked.flatMap((said, index) => mentionBodies(said).map((what) => ({ atMs: atMs[index] ?? 0, what })));
}

/** Plays a load; gives the milliseconds that each acknowledgement took, and of each answer from the load's beginning. */
async function measure(sender: Sender, answers: Answers, { plan, asked }: Load) {
  const word = (said: Said) => said.text.slice("echo ".length);
  for (const said of asked) answers.expect(said.ts, word(said));
  const before = answers.at.size;
  const acks: number[] = [];
  let lost = 0;
  const began = performance.now();
  await play(planned(plan), async (body) => {
    const tookMs = await sender.send(body).catch(() => null);
    if (tookMs === null) lost += 1;
    else acks.push(tookMs);
  });
  await answers.all(answersWithinMs);
  const answered = [...answers.at.values()].slice(before).map((at) => at - began);
  return { acks, answered, lost };
}

/** Signed events straight at the Worker: what Slack waits for, while turns run; and a burst of mentions. */
export async function run(): Promise<Report> {
  const deckhand = await startForBench();
  const sender = new Sender(deckhand.workerUrl, deckhand.stateDir);
  const answers = new Answers(deckhand.url);
  try {
    const steadyCount = load.mentionsPerSecond * load.seconds;
    const all = await roots(deckhand, warmups + steadyCount + load.burst);
    const warm = all.slice(0, warmups);
    await measure(sender, answers, {
      plan: mentions(
        warm,
        warm.map((_, index) => index * 300),
      ),
      asked: warm,
    });

    const asked = all.slice(warmups, warmups + steadyCount);
    const chatter = due(load.chatterPerSecond, load.seconds).map((atMs, index) => {
      const ts = `${1_700_000_000 + index}.000100`;
      const said = { channel: turnOf(channels, index), user: turnOf(users, index), ts, text: `lunch at ${index}?` };
      return { atMs, what: chatterBody(said) };
    });
    const plan = [...chatter, ...mentions(asked, due(load.mentionsPerSecond, load.seconds))];
    const steady = await measure(sender, answers, { plan, asked });

    const burstAsked = all.slice(warmups + steadyCount);
    const burst = await measure(sender, answers, {
      plan: mentions(burstAsked, due(load.burst / load.burstSeconds, load.burstSeconds)),
      asked: burstAsked,
    });
    const steadyAcks = stats(steady.acks);
    return makeReport(
      "acknowledge",
      [
        { name: "steady", unit: "ms", value: steadyAcks, aim: { of: "p50", under: 10 } },
        { name: "steady p99", unit: "ms", value: steadyAcks.p99, aim: { of: "value", under: 40.05 } },
        { name: "steady, not acknowledged", unit: "events", value: steady.lost, aim: none },
        { name: "steady, not answered", unit: "mentions", value: asked.length - steady.answered.length, aim: none },
        { name: "burst", unit: "ms", value: stats(burst.acks), aim: { of: "max", under: 3000 } },
        { name: "burst, not acknowledged", unit: "events", value: burst.lost, aim: none },
        { name: "burst, not answered", unit: "mentions", value: burstAsked.length - burst.answered.length, aim: none },
        { name: "burst, last answer", unit: "ms", value: Math.round(Math.max(0, ...burst.answered)) },
      ],
      {
        ...load,
        events: `${steady.acks.length} steady, ${burst.acks.length} in the burst; a mention is two events, as Slack sends them`,
        how: "The load does not wait for answers. Each acknowledgement is from the send to the head of the 200, on kept connections, over the loopback and wrangler's proxy. Model: the rehearsal without pauses; the local workspace counts no rates.",
      },
    );
  } finally {
    sender.close();
    await answers.close();
    await deckhand.close();
  }
}

const none = { of: "value", under: 1 } as const;
