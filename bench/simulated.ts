import { runner, type Bench } from "../test/computer/bench.ts";
import { startSimulated } from "../test/computer/start.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";

const starts = 5;
const samples = 100;
const warmups = 10;
const user = "slack:T1:U1";

/** What a command costs in a simulated shell: from the call of its box to the whole result. */
export async function run(): Promise<Report> {
  const first: number[] = [];
  const cold: number[] = [];
  const warm: number[] = [];
  const withFiles: number[] = [];
  for (let start = 1; start <= starts; start += 1) {
    const bench: Bench = await startSimulated();
    try {
      const took = async (name: string, command: string) =>
        (await runner(bench.box(user, name), "bench")(command)).wallMs;
      first.push(await took("main", "echo 1"));
      for (const name of ["one", "two", "three", "four"]) cold.push(await took(name, "echo 1"));
      if (start < starts) continue;
      for (let index = 0; index < warmups + samples; index += 1) {
        const plain = await took("main", `echo ${index}`);
        const files = await took("main", `echo ${index} > /r2/home/n.txt; cat /r2/home/n.txt`);
        if (index < warmups) continue;
        warm.push(plain);
        withFiles.push(files);
      }
    } finally {
      await bench.stop();
    }
  }
  return makeReport(
    "simulated",
    [
      { name: "warm: echo in a simulated shell", unit: "ms", value: stats(warm), aim: { of: "p50", under: 15 } },
      { name: "the same that writes and reads a file of the person", unit: "ms", value: stats(withFiles) },
      { name: "cold: the first command of a box", unit: "ms", value: stats(cold) },
      { name: "the first command after a start", unit: "ms", value: stats(first) },
    ],
    {
      starts,
      samples,
      warmups,
      how: "Measured in the Worker, around the box's exec. Each box has an isolate that stays between its commands; the first command of all also unpacks the shell, 0.3 MB to 1.3.",
    },
  );
}
