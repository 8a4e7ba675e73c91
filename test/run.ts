import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { z } from "zod";

/*
 * `npm test`: everything CI runs, in the order in which it is quickest to learn that something is wrong. With names of
 * steps as arguments, those alone. The last line is `N passed, N failed`: each test counts one, and so does each check
 * that is not made of tests.
 */
const root = new URL("..", import.meta.url).pathname;
const bin = (name: string) => join(root, "node_modules/.bin", name);
const reports = mkdtempSync(join(tmpdir(), "deckhand-test-"));

interface Step {
  name: string;
  command: string[];
  /** Tests by vitest, counted one by one. */
  tests?: boolean;
}

const vitest = (name: string, args: string[]): Step => ({
  name,
  tests: true,
  command: [
    bin("vitest"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${join(reports, `${name}.json`)}`,
    ...args,
  ],
});
const project = (name: string): Step => vitest(name, ["--config", "test/vitest.config.ts", "--project", name]);

const steps: Step[] = [
  { name: "types", command: [bin("tsc"), "-p", "."] },
  { name: "types of the page", command: [bin("tsc"), "-p", "bots/local/page"] },
  { name: "lint", command: [bin("oxlint"), "--deny-warnings", "."] },
  { name: "format", command: [bin("oxfmt"), "--check", "."] },
  project("unit"),
  project("contract"),
  vitest("workerd", ["--config", "test/workerd/vitest.config.ts"]),
  vitest("isolate", ["--config", "test/workerd-isolate/vitest.config.ts"]),
  project("e2e"),
  project("crash"),
  project("browser"),
  { name: "deploy", command: [process.execPath, "test/deploy.ts"] },
];

const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numFailedTestSuites: z.number() });

function run(command: string[]): Promise<number> {
  const [file = "", ...args] = command;
  return new Promise((done) => {
    // The Node that came with the install goes first, also when this was not started by npm.
    const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
    const quiet = { CI: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
    const env = { ...process.env, ...quiet, PATH: path };
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
    child.once("error", () => done(1));
    child.once("exit", (code) => done(code ?? 1));
  });
}

/** Tests that passed and failed; a suite that broke before it had a test, or a check, counts one. */
function count(step: Step, code: number): { passed: number; failed: number } {
  const file = join(reports, `${step.name}.json`);
  if (!step.tests || !existsSync(file)) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
  const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed };
}

const wanted = process.argv.slice(2);
const chosen =
  wanted.length === 0
    ? steps
    : steps.filter((step) => wanted.some((name) => step.name === name || step.name.startsWith(`${name} `)));
if (chosen.length === 0) {
  process.stderr.write(`No such step. There are: ${steps.map((step) => step.name).join(", ")}\n`);
  process.exit(2);
}

const total = { passed: 0, failed: 0 };
const table: string[] = [];
for (const step of chosen) {
  process.stdout.write(`\n── ${step.name}\n`);
  const began = Date.now();
  const result = count(step, await run(step.command));
  total.passed += result.passed;
  total.failed += result.failed;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  table.push(
    `${result.failed === 0 ? "ok  " : "FAIL"}  ${step.name.padEnd(18)} ${String(result.passed).padStart(5)} passed  ${seconds.padStart(6)} s`,
  );
}
rmSync(reports, { recursive: true, force: true });
process.stdout.write(`\n${table.join("\n")}\n\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 ? 0 : 1);
