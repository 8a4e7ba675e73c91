import type { Deckhand } from "../test/harness/deckhand.ts";
import { startForBench } from "./lib/start.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { sandboxMs, taskMs, traceOf } from "./lib/trace.ts";
import { timeTurn } from "./lib/turn-time.ts";

const starts = 5;
const samples = 30;
const warmups = 5;
const channel = "C0GENERAL";

interface Took {
  /** From the task's start to its end, in the trace. */
  turnMs: number;
  /** In the Kernel: reading the program, a new isolate, the run, its end. */
  kernelMs: number;
}

/** One `exec_code` inside a turn of its own, from the trace. */
async function execMs(deckhand: Deckhand, program: string): Promise<Took> {
  const { ts } = await timeTurn(deckhand, { channel, text: `@Deckhand run: ${program}` });
  const events = await traceOf(deckhand.workerUrl, channel, ts);
  const [turnMs] = taskMs(events, "exec_code");
  const [kernelMs] = sandboxMs(events);
  if (turnMs === undefined || kernelMs === undefined) throw new Error(`the program did not end well: ${program}`);
  return { turnMs, kernelMs };
}

/** Programs that do next to nothing, so that what is measured is the way there and back. */
const programs = {
  plain: (n: number) => `return ${n} * 7`,
  typescript: (n: number) => `const x: number = ${n}; return x as number`,
  modules: (n: number) => `const { parse } = await import("csv"); return parse("a\\n${n}")`,
  files: (n: number) => `await FILES.write('home/n.txt', '${n}'); return FILES.readText('home/n.txt')`,
  tools: (n: number) =>
    `await TOOLS.write_file({ path: 'home/n.txt', content: '${n}' }); return TOOLS.read_file({ path: 'home/n.txt' })`,
};
type Kind = keyof typeof programs;
const kinds = Object.keys(programs) as Kind[];

/** What a program costs from the model's call to its result: the way to the Kernel, the isolate, the run, the ledger. */
export async function run(): Promise<Report> {
  const first: number[] = [];
  const later: Record<Kind, Took[]> = { plain: [], typescript: [], modules: [], files: [], tools: [] };
  for (let start = 1; start <= starts; start += 1) {
    const deckhand = await startForBench();
    try {
      // A turn without a program, so that what is counted as the first program's is only that.
      await timeTurn(deckhand, { channel, text: "@Deckhand echo awake" });
      first.push((await execMs(deckhand, "return 6 * 7")).turnMs);
      if (start < starts) continue;
      for (let index = 0; index < warmups + samples; index += 1) {
        for (const kind of kinds) {
          const took = await execMs(deckhand, programs[kind](index));
          if (index >= warmups) later[kind].push(took);
        }
      }
    } finally {
      await deckhand.close();
    }
  }
  const turn = (kind: Kind) => stats(later[kind].map(({ turnMs }) => turnMs));
  const kernel = (kind: Kind) => stats(later[kind].map(({ kernelMs }) => kernelMs));
  return makeReport(
    "exec",
    [
      { name: "cold: a new isolate", unit: "ms", value: turn("plain"), aim: { of: "p50", under: 25 } },
      { name: "in the Kernel: a new isolate", unit: "ms", value: kernel("plain"), aim: { of: "p50", under: 10 } },
      { name: "in the Kernel: in TypeScript", unit: "ms", value: kernel("typescript") },
      { name: "in the Kernel: with a module", unit: "ms", value: kernel("modules") },
      { name: "a new isolate that writes and reads a file", unit: "ms", value: turn("files") },
      { name: "a new isolate that writes and reads by two tools", unit: "ms", value: turn("tools") },
      { name: "the first program after a start", unit: "ms", value: stats(first) },
    ],
    {
      starts,
      samples,
      warmups,
      how: "From task.started to task.finished in the trace of a turn; in the Kernel, as it counts itself in whole milliseconds, without the wait for a place. Every program gets an isolate of its own, so every one is cold and there is no warm one; the first after a start also opens its person's Kernel.",
    },
  );
}
