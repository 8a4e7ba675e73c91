import { relative } from "node:path";
import { z } from "zod";

/** What is read of vitest's JSON report. */
const Report = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

export interface Failure {
  /** The test file, from the root of the project. */
  file: string;
  /** The test's full name; the file's own when it broke before it had a test. */
  test: string;
  /** The first line of what was wrong. */
  why: string;
}

export interface Outcome {
  passed: number;
  failures: Failure[];
}

const firstLine = (text: string | undefined) => (text ?? "").split("\n")[0]?.slice(0, 300) ?? "";

/** Tests that passed and those that failed, from a report of vitest. */
export function readReport(root: string, text: string): Outcome {
  const report = Report.parse(JSON.parse(text));
  const failures = report.testResults.flatMap((suite) => {
    const file = relative(root, suite.name);
    const failed = suite.assertionResults.filter((one) => one.status === "failed");
    if (failed.length === 0 && suite.status === "failed") return [{ file, test: file, why: firstLine(suite.message) }];
    return failed.map((one) => ({ file, test: one.fullName, why: firstLine(one.failureMessages?.[0]) }));
  });
  return { passed: report.numPassedTests, failures };
}

/**
 * What a suite came to when the files that failed were run again by themselves: their first results are replaced by
 * the second ones, and what passed only then is named.
 */
export function mergeSecondTry(first: Outcome, second: Outcome): Outcome & { late: Failure[] } {
  const still = new Set(second.failures.map((one) => `${one.file}\n${one.test}`));
  const late = first.failures.filter((one) => !still.has(`${one.file}\n${one.test}`));
  return { passed: first.passed + late.length, failures: second.failures, late };
}
