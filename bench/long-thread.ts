import type { Deckhand } from "../test/harness/deckhand.ts";
import { startForBench } from "./lib/start.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { timeTurn, type TurnTime } from "./lib/turn-time.ts";

const sizes = { short: 10, long: 500 };
const samples = 15;
const warmups = 2;
const channel = "C0GENERAL";
const says = (index: number) => `echo message ${index} of a thread that has grown for a while`;

/** A thread of so many messages: each turn is a question and its answer. */
async function threadOf(deckhand: Deckhand, messages: number): Promise<string> {
  const root = await deckhand.slack.say("U0ADA", channel, `@Deckhand ${says(0)}`);
  for (let index = 0; index < messages / 2; index += 1) {
    if (index > 0) await deckhand.slack.say("U0ADA", channel, says(index), { threadTs: root });
    await deckhand.slack.waitForReply(channel, root, (one) => JSON.stringify(one).includes(`message ${index} of`));
  }
  return root;
}

/** Whether a turn costs more in a thread that has grown long. */
export async function run(): Promise<Report> {
  const deckhand = await startForBench();
  try {
    const long = await threadOf(deckhand, sizes.long);
    const short: TurnTime[] = [];
    const grown: TurnTime[] = [];
    for (let index = 0; index < warmups + samples; index += 1) {
      // A new one each time: it would not stay short.
      const root = await threadOf(deckhand, sizes.short);
      const inShort = await timeTurn(deckhand, { channel, text: says(9_000 + index), threadTs: root });
      const inLong = await timeTurn(deckhand, { channel, text: says(9_000 + index), threadTs: long });
      if (index < warmups) continue;
      short.push(inShort);
      grown.push(inLong);
    }
    const [a, b] = [stats(short.map((turn) => turn.tookMs)), stats(grown.map((turn) => turn.tookMs))];
    return makeReport(
      "long-thread",
      [
        { name: `${sizes.short} messages`, unit: "ms", value: a },
        { name: `${sizes.long} messages`, unit: "ms", value: b },
        {
          name: "long over short",
          unit: "times",
          value: Math.round((b.p50 / a.p50) * 100) / 100,
          aim: { of: "value", under: 1.5 },
        },
      ],
      {
        samples,
        warmups,
        how: "Turn about, one turn at a time; the ratio is of the medians. The messages are short; every one of them came and went through Deckhand.",
      },
    );
  } finally {
    await deckhand.close();
  }
}
