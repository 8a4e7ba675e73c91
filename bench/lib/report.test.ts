import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { hardware } from "./hardware.ts";
import { type Report, makeReport, meets, publish } from "./report.ts";
import { stats } from "./stats.ts";

it("an aim is met under its number, not at it, and by the percentile it names", () => {
  const value = stats([1, 2, 3, 200]);
  expect(meets({ name: "ack", unit: "ms", value, aim: { of: "p50", under: 10 } })).toBe(true);
  expect(meets({ name: "ack", unit: "ms", value, aim: { of: "p99", under: 200 } })).toBe(false);
  expect(meets({ name: "size", unit: "bytes", value: 5, aim: { of: "value", under: 6 } })).toBe(true);
  expect(meets({ name: "size", unit: "bytes", value: 5 })).toBeNull();
});

it("the report goes to standard output and to a file, the same in both", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    const measures = [{ name: "cold", unit: "ms", value: stats([3, 4]) }];
    await publish(makeReport("exec code", measures, { rate: 5 }), join(folder, "out"));
    const stored = await readFile(join(folder, "out", "exec-code.json"), "utf8");
    expect(printed.join("")).toBe(stored);
    const report = JSON.parse(stored) as Report;
    expect(report).toMatchObject({
      bench: "exec code",
      notes: { rate: 5 },
      measures: [{ met: null, value: { n: 2 } }],
    });
    expect(report.hardware).toMatchObject({ cores: hardware().cores, node: process.version });
  } finally {
    write.mockRestore();
    await rm(folder, { recursive: true });
  }
});
