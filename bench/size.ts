import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emptyBundle, ourBundle } from "./lib/bundle.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";
import { startMs } from "./lib/workerd.ts";

const rounds = 9;

/** How large the Worker is, and what it adds to the start of an empty one. */
export async function run(): Promise<Report> {
  const config = readFileSync(join(import.meta.dirname, "../wrangler.jsonc"), "utf8");
  const date = /"compatibility_date": "([\d-]+)"/.exec(config)?.[1] ?? "";
  const empty = emptyBundle();
  const ours = await ourBundle();
  try {
    const starts: { ours: number[]; empty: number[] } = { ours: [], empty: [] };
    // The first start of each reads the files from the disk.
    for (const bundle of [ours, empty]) await startMs(bundle, date);
    for (let round = 0; round < rounds; round += 1) {
      starts.empty.push(await startMs(empty, date));
      starts.ours.push(await startMs(ours, date));
    }
    const [bare, full] = [stats(starts.empty), stats(starts.ours)];
    return makeReport(
      "size",
      [
        { name: "minified", unit: "bytes", value: ours.minifiedBytes },
        { name: "gzip", unit: "bytes", value: ours.gzipBytes, aim: { of: "value", under: 2 * 1024 * 1024 } },
        { name: "start of the Worker", unit: "ms", value: full },
        { name: "start of an empty Worker", unit: "ms", value: bare },
        {
          name: "start over an empty Worker",
          unit: "ms",
          value: Math.round((full.p50 - bare.p50) * 10) / 10,
          aim: { of: "value", under: 600 },
        },
      ],
      {
        rounds,
        how: "wrangler deploy --dry-run --minify; then workerd alone with each bundle, in turns: from the start of the process to the end of its first answer. The difference of the medians is what evaluating our bundle costs; what is imported on first use is in the size and not in the start.",
      },
    );
  } finally {
    ours.remove();
    empty.remove();
  }
}
