import type { Report } from "./report.ts";
import type { Stats } from "./stats.ts";

const sizes = ["bytes", "KB", "MB"] as const;

function shown(value: number, unit: string): string {
  if (unit !== "bytes") return `${Math.round(value * 10) / 10} ${unit}`;
  const step = value >= 1024 ** 2 ? 2 : value >= 1024 ? 1 : 0;
  return `${Math.round((value / 1024 ** step) * 100) / 100} ${sizes[step]}`;
}

const numbers = (value: Stats | number, unit: string): string =>
  typeof value === "number"
    ? shown(value, unit)
    : `p50 ${shown(value.p50, unit)}, p99 ${shown(value.p99, unit)}, max ${shown(value.max, unit)} (n ${value.n})`;

/** What a reader wants of many reports: a line for each measure, what was aimed at, and whether it was met. */
export function summary(reports: readonly Report[]): string {
  const rows = reports.flatMap((report) =>
    report.measures.map(({ name, unit, value, aim, met }) => ({
      mark: met === null ? "    " : met ? "ok  " : "MISS",
      name: `${report.bench}: ${name}`,
      numbers: numbers(value, unit),
      aim: aim ? `aim: ${aim.of === "value" ? "" : `${aim.of} `}under ${shown(aim.under, unit)}` : "",
    })),
  );
  const width = Math.max(0, ...rows.map((row) => row.name.length));
  const lines = rows.map(
    (row) => `${row.mark}  ${row.name.padEnd(width)}  ${row.numbers}${row.aim ? `  ${row.aim}` : ""}`,
  );
  const machine = reports[0]?.hardware;
  if (machine)
    lines.push("", `${machine.cpu}, ${machine.cores} cores, load ${machine.load} at the start, Node ${machine.node}`);
  return lines.join("\n");
}
