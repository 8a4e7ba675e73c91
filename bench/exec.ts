import type { Deckhand } from "../test/harness/deckhand.ts";
import { startForBench } from "./lib/start.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { taskMs, traceOf } from "./lib/trace.ts";
import { timeTurn } from "./lib/turn-time.ts";

const starts = 5;
const samples = 30;
const warmups = 5;
const channel = "C0GENERAL";

/** The milliseconds of one `exec_code` inside a turn of its own, from the trace. */
async function execMs(deckhand: Deckhand, program: string): Promise<number> {
  const { ts } = await timeTurn(deckhand, { channel, text: `@Deckhand run: ${program}` });
  const [took] = taskMs(await traceOf(deckhand.workerUrl, channel, ts), "exec_code");
  if (took === undefined) throw new Error(`the program did not end well: ${program}`);
  return took;
}

/** What a program costs from the model's call to its result: the way to the Kernel, the isolate, the run, the ledger. */
export async function run(): Promise<Report> {
  const first: number[] = [];
  const later: number[] = [];
  const withFiles: number[] = [];
  for (let start = 1; start <= starts; start += 1) {
    const deckhand = await startForBench();
    try {
      // A turn without a program, so that what is counted as the first program's is only that.
      await timeTurn(deckhand, { channel, text: "@Deckhand echo awake" });
      first.push(await execMs(deckhand, "return 6 * 7"));
      if (start < starts) continue;
      for (let index = 0; index < warmups + samples; index += 1) {
        const plain = await execMs(deckhand, `return ${index} * 7`);
        const files = await execMs(
          deckhand,
          `await FILES.write('home/n.txt', '${index}'); return FILES.readText('home/n.txt')`,
        );
        if (index < warmups) continue;
        later.push(plain);
        withFiles.push(files);
      }
    } finally {
      await deckhand.close();
    }
  }
  const aim = { of: "p50", under: 25 } as const;
  return makeReport(
    "exec",
    [
      { name: "cold: a new isolate", unit: "ms", value: stats(later), aim },
      { name: "a new isolate that writes and reads a file", unit: "ms", value: stats(withFiles) },
      { name: "the first program after a start", unit: "ms", value: stats(first) },
    ],
    {
      starts,
      samples,
      warmups,
      how: "From task.started to task.finished in the trace of a turn. Every program gets an isolate of its own, so every one is cold and there is no warm one; the first after a start also opens its person's Kernel.",
    },
  );
}
