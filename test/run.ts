import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { mergeSecondTry, readReport, type Failure, type Outcome } from "./report.ts";
import { allSteps, root, type Step } from "./steps.ts";

/*
 * `npm test`: everything CI runs. With names of steps as arguments, those alone. Two steps go on at the same time, which
 * two cores can do because most of a slow suite is waiting; what a step prints comes when it has ended. What failed in a
 * suite of real processes is run once more at the end, when nothing else goes on, and is named if it passes only then.
 * The last line is `N passed, N failed`: each test counts one, and so does each check that is not made of tests.
 */
const lanes = 2;
const reports = mkdtempSync(join(tmpdir(), "deckhand-test-"));
const steps = allSteps(reports);

const wanted = process.argv.slice(2);
const chosen =
  wanted.length === 0
    ? steps
    : steps.filter((step) => wanted.some((name) => step.name === name || step.name.startsWith(`${name} `)));
if (chosen.length === 0) {
  process.stderr.write(`No such step. There are: ${steps.map((step) => step.name).join(", ")}\n`);
  process.exit(2);
}
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Runs a command; what it prints is shown as it comes (`live`), or at its end. */
function run(title: string, command: string[], live: boolean): Promise<number> {
  const [file = "", ...args] = command;
  return new Promise((done) => {
    // The Node that came with the install goes first, also when this was not started by npm.
    const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
    const quiet = { CI: "1", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
    const env = { ...process.env, ...quiet, PATH: path };
    const printed: Buffer[] = [];
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", live ? "inherit" : "pipe", live ? "inherit" : "pipe"], env }); // oxfmt-ignore
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => printed.push(chunk));
    const ended = (code: number) => {
      if (!live) say(`\n── ${title}\n${Buffer.concat(printed).toString()}`);
      done(code);
    };
    child.once("error", () => ended(1));
    child.once("close", (code) => ended(code ?? 1));
  });
}

/** Runs a step: its tests that passed and failed; a suite that broke before it had a test, or a check, counts one. */
async function outcome(step: Step, live: boolean, files: string[] = []): Promise<Outcome> {
  if (step.report) rmSync(step.report, { force: true });
  const title = files.length === 0 ? step.name : `${step.name}, once more: ${files.join(" ")}`;
  if (live) say(`\n── ${title}`);
  const code = await run(title, [...step.command, ...files], live);
  const broken = { file: "", test: step.name, why: `it ended with code ${code}` };
  if (!step.report || !existsSync(step.report)) {
    return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [broken] };
  }
  const read = readReport(root, readFileSync(step.report, "utf8"));
  return code !== 0 && read.failures.length === 0 ? { ...read, failures: [broken] } : read;
}

interface Ran {
  step: Step;
  result: Outcome;
  seconds: number;
}

async function timed(step: Step, live: boolean): Promise<Ran> {
  const began = Date.now();
  if (!live) say(`── ${step.name} begins`);
  const result = await outcome(step, live);
  return { step, result, seconds: (Date.now() - began) / 1000 };
}

const ran: Ran[] = [];
const queue = [...chosen];
const lane = async (): Promise<void> => {
  for (let step = queue.shift(); step; step = queue.shift()) ran.push(await timed(step, chosen.length === 1));
};
await Promise.all(Array.from({ length: lanes }, lane));

const named = ({ file, test, why }: Failure) => `  ${file === test ? "" : `${file} › `}${test}\n      ${why}`;
const notes: string[] = [];
const table: string[] = [];
const total = { passed: 0, failed: 0 };
for (const { step, result, seconds } of ran.toSorted((a, b) => steps.indexOf(a.step) - steps.indexOf(b.step))) {
  let last = result;
  const files = [...new Set(result.failures.map((one) => one.file))].filter((file) => file !== "");
  if (step.again && files.length > 0) {
    const merged = mergeSecondTry(result, await outcome(step, true, files));
    notes.push(...merged.late.map((one) => `Passed only at the second try (${step.name}):\n${named(one)}`));
    last = merged;
  }
  notes.push(...last.failures.map((one) => `Failed (${step.name}):\n${named(one)}`));
  total.passed += last.passed;
  total.failed += last.failures.length;
  const mark = last.failures.length === 0 ? "ok  " : "FAIL";
  table.push(`${mark}  ${step.name.padEnd(18)} ${String(last.passed).padStart(5)} passed  ${seconds.toFixed(1).padStart(6)} s`); // oxfmt-ignore
}
rmSync(reports, { recursive: true, force: true });
const told = notes.length > 0 ? `\n${notes.join("\n")}\n` : "";
say(`\n${table.join("\n")}\n${told}\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
