import { describe, expect, it } from "vitest";
import { mergeSecondTry, readReport } from "../report.ts";

const suite = (name: string, tests: Record<string, string>) => ({
  name: `/root/${name}`,
  status: Object.values(tests).includes("failed") ? "failed" : "passed",
  message: "",
  assertionResults: Object.entries(tests).map(([fullName, status]) => ({
    fullName,
    status,
    failureMessages: status === "failed" ? [`${fullName} was wrong\nat a line`] : [],
  })),
});
const report = (numPassedTests: number, ...testResults: object[]) => JSON.stringify({ numPassedTests, testResults });

describe("what the runner reads of a suite", () => {
  it("names each test that failed, with its file and the first line of why", () => {
    const text = report(1, suite("test/a.test.ts", { one: "passed", two: "failed" }));
    expect(readReport("/root", text)).toEqual({
      passed: 1,
      failures: [{ file: "test/a.test.ts", test: "two", why: "two was wrong" }],
    });
  });

  it("counts a file that broke before it had a test", () => {
    const broken = {
      name: "/root/test/b.test.ts",
      status: "failed",
      message: "No such module\nat",
      assertionResults: [],
    };
    expect(readReport("/root", report(0, broken)).failures).toEqual([
      { file: "test/b.test.ts", test: "test/b.test.ts", why: "No such module" },
    ]);
  });

  it("a second try replaces what failed and names what passed only then", () => {
    const first = readReport("/root", report(1, suite("a.test.ts", { one: "passed", two: "failed", three: "failed" })));
    const second = readReport(
      "/root",
      report(2, suite("a.test.ts", { one: "passed", two: "passed", three: "failed" })),
    );
    const merged = mergeSecondTry(first, second);
    expect(merged).toMatchObject({ passed: 2, failures: [{ test: "three" }], late: [{ test: "two" }] });
  });

  it("a test that passed first and failed at the second try counts as failed", () => {
    const first = readReport("/root", report(1, suite("a.test.ts", { one: "passed", two: "failed" })));
    const second = readReport("/root", report(1, suite("a.test.ts", { one: "failed", two: "passed" })));
    expect(mergeSecondTry(first, second).failures.map((one) => one.test)).toEqual(["one"]);
  });
});
