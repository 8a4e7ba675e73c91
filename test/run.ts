import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { mergeSecondTry, readReport, type Failure, type Outcome } from "./report.ts";

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
  /** It starts real processes, which a busy machine can hold up: files that failed are run once more by themselves. */
  again?: boolean;
}

const vitest = (name: string, args: string[]): Step => ({
  name,
  tests: true,
  again: !["unit", "contract"].includes(name),
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
  project("shell"),
  project("contract"),
  vitest("workerd", ["--config", "test/workerd/vitest.config.ts"]),
  vitest("isolate", ["--config", "test/workerd-isolate/vitest.config.ts"]),
  project("computer"),
  project("e2e"),
  project("jail"),
  project("crash"),
  {
    name: "soak",
    command: [process.execPath, "test/soak/main.ts", "--kills", "20", "--seed", "7", "--minutes", "3"],
  },
  project("browser"),
  { name: "deploy", command: [process.execPath, "test/deploy.ts"] },
];

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

/** Runs a step: its tests that passed and failed; a suite that broke before it had a test, or a check, counts one. */
async function outcome(step: Step, files: string[] = []): Promise<Outcome> {
  const report = join(reports, `${step.name}.json`);
  rmSync(report, { force: true });
  const code = await run([...step.command, ...files]);
  const broken = { file: "", test: step.name, why: `it ended with code ${code}` };
  if (!step.tests || !existsSync(report)) {
    return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [broken] };
  }
  const read = readReport(root, readFileSync(report, "utf8"));
  return code !== 0 && read.failures.length === 0 ? { ...read, failures: [broken] } : read;
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

const named = ({ file, test, why }: Failure) => `  ${file === test ? "" : `${file} › `}${test}\n      ${why}`;
const total = { passed: 0, failed: 0 };
const table: string[] = [];
const notes: string[] = [];
for (const step of chosen) {
  process.stdout.write(`\n── ${step.name}\n`);
  const began = Date.now();
  let result = await outcome(step);
  const files = [...new Set(result.failures.map((one) => one.file))].filter((file) => file !== "");
  if (step.again && files.length > 0) {
    process.stdout.write(`\n── ${step.name}, once more: ${files.join(" ")}\n`);
    const merged = mergeSecondTry(result, await outcome(step, files));
    notes.push(...merged.late.map((one) => `Passed only at the second try (${step.name}):\n${named(one)}`));
    result = merged;
  }
  notes.push(...result.failures.map((one) => `Failed (${step.name}):\n${named(one)}`));
  total.passed += result.passed;
  total.failed += result.failures.length;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  table.push(
    `${result.failures.length === 0 ? "ok  " : "FAIL"}  ${step.name.padEnd(18)} ${String(result.passed).padStart(5)} passed  ${seconds.padStart(6)} s`,
  );
}
rmSync(reports, { recursive: true, force: true });
const told = notes.length > 0 ? `\n${notes.join("\n")}\n` : "";
process.stdout.write(`\n${table.join("\n")}\n${told}\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 ? 0 : 1);
