import { startForBench } from "./lib/start.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { timeTurn, type TurnTime } from "./lib/turn-time.ts";

const samples = 30;
const warmups = 5;
const channel = "C0GENERAL";

/** What we add to a model that answers at once: from the event to the last call of the platform. */
export async function run(): Promise<Report> {
  const deckhand = await startForBench();
  try {
    const first = await timeTurn(deckhand, { channel, text: "@Deckhand echo the first turn of all" });
    const fresh: TurnTime[] = [];
    const later: TurnTime[] = [];
    for (let index = 0; index < warmups + samples; index += 1) {
      const root = await timeTurn(deckhand, { channel, text: `@Deckhand echo new ${index}` });
      const next = await timeTurn(deckhand, { channel, text: `echo later ${index}`, threadTs: root.ts });
      if (index < warmups) continue;
      fresh.push(root);
      later.push(next);
    }
    const times = (turns: TurnTime[]) => stats(turns.map((turn) => turn.tookMs));
    const calls = (turns: TurnTime[]) => stats(turns.map((turn) => turn.methods.length));
    const [under120, atMost5] = [
      { of: "p50", under: 120 },
      { of: "max", under: 6 },
    ] as const;
    return makeReport(
      "turn",
      [
        { name: "new thread", unit: "ms", value: times(fresh), aim: under120 },
        { name: "follow-up", unit: "ms", value: times(later), aim: under120 },
        { name: "calls, new thread", unit: "calls", value: calls(fresh), aim: atMost5 },
        { name: "calls, follow-up", unit: "calls", value: calls(later), aim: atMost5 },
        { name: "the first turn after a start", unit: "ms", value: first.tookMs },
      ],
      {
        samples,
        warmups,
        methods: [...new Set(fresh.at(-1)?.methods)].join(", "),
        how: "From the post of the event to the answer of the last call, both by the local workspace's clock, one turn at a time. Model: the rehearsal without pauses.",
      },
    );
  } finally {
    await deckhand.close();
  }
}
