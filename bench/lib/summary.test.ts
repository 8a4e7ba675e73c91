import { expect, it } from "vitest";
import { makeReport } from "./report.ts";
import { stats } from "./stats.ts";
import { summary } from "./summary.ts";

const machine = { cpu: "a chip", cores: 2, memoryGb: 8, platform: "linux", node: "v24", load: 0.5 };

it("each measure is a line that says what was aimed at and whether it was met", () => {
  const report = makeReport(
    "turn",
    [
      { name: "new thread", unit: "ms", value: stats([90, 100, 140]), aim: { of: "p50", under: 120 } },
      { name: "gzip", unit: "bytes", value: 3 * 1024 * 1024, aim: { of: "value", under: 2 * 1024 * 1024 } },
      { name: "first", unit: "ms", value: 250 },
    ],
    {},
    new Date(0),
    machine,
  );
  const [turn, gzip, first] = summary([report]).split("\n");
  expect(turn).toMatch(/^ok {4}turn: new thread +p50 100 ms, p99 140 ms, max 140 ms \(n 3\) {2}aim: p50 under 120 ms$/);
  expect(gzip).toMatch(/^MISS {2}turn: gzip +3 MB {2}aim: under 2 MB$/);
  expect(first).toMatch(/^ {6}turn: first +250 ms$/);
});
