import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { type Mutated, pure, security } from "./files.ts";

/*
 * `npm run test:mutation`: changes the pure sources one place at a time and tells which changes no test notices. With
 * `security`, `pure` or paths as arguments, those alone. One source after another, each with its own tests.
 */
const root = new URL("../..", import.meta.url).pathname;
type Options = ConstructorParameters<typeof Stryker>[0];
type MutantResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** Percent of the changes in the security files that must be noticed. */
const wanted = 90;

async function mutants({ source, tests }: Mutated): Promise<MutantResult[]> {
  process.env["MUTATION_TESTS"] = tests.filter((test) => existsSync(join(root, test))).join(",");
  const stryker = new Stryker({
    mutate: [source],
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    concurrency: 1,
    // Our sources run as they are: nothing reads a tsconfig on the way, and TypeScript 7 has no interface for Stryker.
    tsconfigFile: "none.json",
    disableTypeChecks: false,
    reporters: [],
    tempDirName: ".deckhand/mutation",
    cleanTempDir: "always",
    ignorePatterns: ["bench", "bots/local/page", "docs", "test/fixtures", "test/workerd*"],
    logLevel: "error" as NonNullable<Options["logLevel"]>,
    allowConsoleColors: false,
    timeoutMS: 10_000,
  });
  return stryker.runMutationTest();
}

interface Count {
  noticed: number;
  all: number;
}
const percent = ({ noticed, all }: Count): string => (all === 0 ? "–" : ((100 * noticed) / all).toFixed(1));
const line = (name: string, count: Count) =>
  `${name.padEnd(56)} ${`${count.noticed}/${count.all}`.padStart(9)} ${percent(count).padStart(6)} %\n`;

/** The place and what stood there, and what stood there instead. */
function told(lines: string[], { location, replacement }: MutantResult): string {
  const { start, end } = location;
  const text = lines[start.line - 1] ?? "";
  const original =
    start.line === end.line ? text.slice(start.column - 1, end.column - 1) : `${text.slice(start.column - 1)} …`;
  return `    ${start.line}:${start.column}  ${original.trim()}  →  ${(replacement ?? "").replaceAll(/\s+/g, " ")}\n`;
}

async function group(name: string, files: Mutated[]): Promise<Count> {
  const total: Count = { noticed: 0, all: 0 };
  process.stdout.write(`\n── ${name}\n`);
  for (const file of files) {
    // With some changes a module cannot even be loaded; Stryker's own score leaves those out, too.
    const found = (await mutants(file)).filter(({ status }) => status !== "RuntimeError");
    const slow = found.filter(({ status }) => status === "Timeout").length;
    const left = found.filter(({ status }) => status !== "Killed" && status !== "Timeout");
    const count = { noticed: found.length - left.length, all: found.length };
    total.noticed += count.noticed;
    total.all += count.all;
    process.stdout.write(line(file.source, count));
    // An endless loop is noticed by the time it takes. On a machine that is too busy so is anything.
    if (slow > 0) process.stdout.write(`    ${slow} of them noticed by their time alone\n`);
    const lines = readFileSync(join(root, file.source), "utf8").split("\n");
    for (const mutant of left) process.stdout.write(told(lines, mutant));
  }
  process.stdout.write(line(`${name}, together`, total));
  return total;
}

const names = process.argv.slice(2);
const chosen = (group: string, files: Mutated[]): Mutated[] =>
  names.length === 0 || names.includes(group) ? files : files.filter(({ source }) => names.includes(source));
const count = await group("security", chosen("security", security));
await group("pure", chosen("pure", pure));
if (100 * count.noticed < wanted * count.all) {
  process.stdout.write(`\nIn the security files at least ${wanted} % must be noticed.\n`);
  process.exitCode = 1;
}
