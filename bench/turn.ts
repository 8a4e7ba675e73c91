import type { Deckhand } from "../test/harness/deckhand.ts";
import { costBetween, costSoFar, type Cost } from "./lib/cost.ts";
import { startForBench } from "./lib/start.ts";
import { makeReport, type Measure, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { timeTurn, type TurnTime } from "./lib/turn-time.ts";

const samples = 30;
const warmups = 5;
/** Turns before the last ones of a thread that has grown: what they cost must not have grown with it. */
const grown = 100;
const channel = "C0GENERAL";

type Turn = TurnTime & { cost: Cost };

async function turn(deckhand: Deckhand, text: string, threadTs?: string): Promise<Turn> {
  const before = await costSoFar(deckhand);
  const time = await timeTurn(deckhand, { channel, text, ...(threadTs === undefined ? {} : { threadTs }) });
  return { ...time, cost: costBetween(before, await costSoFar(deckhand)) };
}

const under = (of: "p50" | "max", aim: number) => ({ of, under: aim + 1 }) as const;

/** Times, calls, rows and processor of one kind of turn. The processor is counted in steps, so only the mean says something. */
function measures(
  kind: string,
  turns: readonly Turn[],
  aims: { ms: number; read: number; written: number },
): Measure[] {
  const each = (of: (one: Turn) => number) => stats(turns.map(of));
  const cpu = turns.reduce((sum, one) => sum + one.cost.cpuMs, 0) / turns.length;
  return [
    { name: kind, unit: "ms", value: each((one) => one.tookMs), aim: under("p50", aims.ms) },
    { name: `calls, ${kind}`, unit: "calls", value: each((one) => one.methods.length), aim: under("max", 3) },
    { name: `processor, ${kind}`, unit: "ms", value: Math.round(cpu * 10) / 10, aim: { of: "value", under: 15.05 } },
    { name: `rows read, ${kind}`, unit: "rows", value: each((one) => one.cost.rowsRead), aim: under("p50", aims.read) },
    {
      name: `rows written, ${kind}`,
      unit: "rows",
      value: each((one) => one.cost.rowsWritten),
      aim: under("p50", aims.written),
    },
    { name: `alarms set, ${kind}`, unit: "alarms", value: each((one) => one.cost.alarmsSet) },
  ];
}

/** What we add to a model that answers at once: from the event to the last call of the platform, and what it costs. */
export async function run(): Promise<Report> {
  const deckhand = await startForBench();
  try {
    const first = await timeTurn(deckhand, { channel, text: "@Deckhand echo the first turn of all" });
    const fresh: Turn[] = [];
    const later: Turn[] = [];
    for (let index = 0; index < warmups + samples; index += 1) {
      const root = await turn(deckhand, `@Deckhand echo new ${index}`);
      const next = await turn(deckhand, `echo later ${index}`, root.ts);
      if (index < warmups) continue;
      fresh.push(root);
      later.push(next);
    }
    const long: Turn[] = [];
    const root = fresh.at(-1)?.ts;
    for (let index = 0; index < grown + samples / 3; index += 1) {
      const one = await turn(deckhand, `echo grown ${index}`, root);
      if (index >= grown) long.push(one);
    }
    return makeReport(
      "turn",
      [
        ...measures("new thread", fresh, { ms: 50, read: 150, written: 80 }),
        ...measures("follow-up", later, { ms: 35, read: 150, written: 30 }),
        ...measures(`follow-up after ${grown} turns`, long, { ms: 35, read: 150, written: 30 }),
        { name: "the first turn after a start", unit: "ms", value: first.tookMs },
      ],
      {
        samples,
        warmups,
        methods: [...new Set(fresh.at(-1)?.methods)].join(", "),
        how: "From the post of the event to the answer of the last call, both by the local workspace's clock, one turn at a time. Rows of every object, as SQLite counts them, alarms among the written ones; processor of all of workerd, the proxy before it and 120 ms of rest after each turn included. Model: the rehearsal without pauses.",
      },
    );
  } finally {
    await deckhand.close();
  }
}
