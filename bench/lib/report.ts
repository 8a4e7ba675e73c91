import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Hardware, hardware } from "./hardware.ts";
import type { Stats } from "./stats.ts";

const outFolder = fileURLToPath(new URL("../out", import.meta.url).href);

/** One measured thing. `unit` is the unit of its numbers: "ms", "bytes", "calls". */
export interface Measure {
  name: string;
  unit: string;
  /** Of samples, or one number where there is nothing to sample (a size, a count). */
  value: Stats | number;
  /** What the number should stay under, where there is such an aim, and which of the numbers is meant. */
  aim?: { of: "value" | "p50" | "p95" | "p99" | "max"; under: number };
}

export interface Report {
  bench: string;
  at: string;
  hardware: Hardware;
  measures: (Measure & { met: boolean | null })[];
  /** Anything a reader has to know: durations, rates, what was left out. */
  notes: Record<string, string | number | boolean>;
}

/** Whether a measure keeps its aim; null when it has none. */
export function meets({ value, aim }: Measure): boolean | null {
  if (!aim) return null;
  const number = typeof value === "number" ? value : aim.of === "value" ? value.p50 : value[aim.of];
  return number < aim.under;
}

/** The report of a bench. Pure but for `machine`, which is asked once. */
export function makeReport(
  bench: string,
  measures: Measure[],
  notes: Report["notes"] = {},
  now: Date = new Date(),
  machine: Hardware = hardware(),
): Report {
  return {
    bench,
    at: now.toISOString(),
    hardware: machine,
    measures: measures.map((measure) => ({ ...measure, met: meets(measure) })),
    notes,
  };
}

/**
 * Writes a report as JSON to standard output and to `bench/out/<bench>.json`. It fails no build: an aim that was missed
 * is in the report as `met: false`.
 */
export async function publish(report: Report, folder: string = outFolder): Promise<void> {
  const json = `${JSON.stringify(report, null, 2)}\n`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${report.bench.replace(/[^a-z0-9-]+/gi, "-")}.json`), json);
  process.stdout.write(json);
}
