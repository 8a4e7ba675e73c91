import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { phrasesTable } from "../../kernel/models/rehearsal/phrases.ts";

const root = new URL("../..", import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

const documents = ["README.md", "AGENTS.md", ...globSync("docs/**/*.md", { cwd: root })];
const prose = documents.map((path) => ({ path, text: read(path) }));
const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? "")),
];

describe.each(prose)("$path", ({ path, text }) => {
  test("every npm command it names exists", () => {
    const builtIn = new Set(["ci", "install"]);
    const named = found(text, /(?:^|`)npm (?:run )?([a-z][a-z:-]*)/gm).filter((name) => !builtIn.has(name));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("every link leads to something", () => {
    const targets = found(text, /\]\(([^)\s]+)\)/g).filter((target) => !target.startsWith("https://"));
    const lost = targets.filter((target) => !existsSync(join(root, dirname(path), target.replace(/#.*$/, ""))));
    expect(lost).toEqual([]);
  });

  test("every file and folder of ours it names is there", () => {
    const ours = /`((?:bots|adapters|kernel|test|bench|docs|\.ci)\/[^`\s]*)`/g;
    const named = found(text, ours).filter((name) => !/[<*{…]/.test(name));
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    const files = found(text, /`([\w.-]+\.(?:jsonc?|ya?ml))`/g).filter((name) => !existsSync(join(root, name)));
    expect(files).toEqual([]);
  });
});

test("npm test is what CI runs, and each part of it that package.json names is one of its steps", () => {
  expect(scripts["test"]).toContain("test/run.ts");
  expect(read(".ci/run")).toMatch(/^exec npm test\b/m);
  const runner = read("test/steps.ts");
  const parts = Object.entries(scripts).filter(([name]) => name.startsWith("test:"));
  const steps = parts.flatMap(([, command]) => command.split("test/run.ts ")[1]?.split(" ") ?? []);
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.filter((step) => !runner.includes(`"${step}"`))).toEqual([]);
});

test("the start that README names first is npm start, with the Node version that package.json asks for", () => {
  expect(found(readme, /```sh\n([^\n]+)\n/g)[0]).toBe("npm start");
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  expect(readme).toContain(`Node ${/\d+/.exec(engines.node)?.[0]} or newer`);
});

describe("variables", () => {
  const name = /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|MODEL|PORT|LOCAL|PACE|COMPUTER)\b/g;
  /** Schemas of the environment; `kernel/env.ts` lists bindings, which are no variables. */
  const schemas = globSync("{bots,kernel}/**/{env,*-env,settings}.ts", { cwd: root }).filter(
    (path) => path !== "kernel/env.ts",
  );
  const inSchemas = new Set(schemas.flatMap((path) => found(read(path), /^\s+([A-Z][A-Z0-9_]{3,}):/gm)));
  const inTests = new Set(
    globSync("test/**/*.ts", { cwd: root }).flatMap((path) => found(read(path), /env\["([A-Z][A-Z0-9_]+)"\]/g)),
  );
  const example = found(read(".env.example"), /^([A-Z][A-Z0-9_]*)=/gm);
  const backticked = found(readme, /`([^`\n]+)`/g).flatMap((code) => found(code, name));

  test("what README and .env.example name is read by a schema, or by a test", () => {
    expect(backticked.filter((one) => !inSchemas.has(one) && !inTests.has(one))).toEqual([]);
    expect(example.filter((one) => !inSchemas.has(one))).toEqual([]);
  });

  test("what a schema reads is named in README, and what a person sets stands in .env.example", () => {
    expect(inSchemas.size).toBeGreaterThan(20);
    const notForPeople = new Set([
      "LOCAL",
      "SLACK_API_URL",
      "COMPUTER_REASON",
      "COMPUTER_HOST_URL",
      "COMPUTER_HOST_TOKEN",
    ]);
    expect([...inSchemas].filter((one) => !backticked.includes(one))).toEqual([]);
    expect([...inSchemas].filter((one) => !example.includes(one) && !notForPeople.has(one))).toEqual([]);
  });

  test(".env.example sets nothing", () => {
    expect(found(read(".env.example"), /^([A-Z]\w*=.+)$/gm)).toEqual([]);
  });
});

test("README's phrases are the rehearsal's: else run docs/phrases.ts", () => {
  const between = /<!-- phrases: [^>]* -->([\s\S]*?)<!-- \/phrases -->/.exec(readme)?.[1] ?? "";
  // The formatter pads cells and escapes what Markdown might read; what is left must be equal.
  const cells = (table: string) =>
    table
      .trim()
      .split("\n")
      .filter((line) => !/^[|\s:-]+$/.test(line))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\", "")));
  expect(cells(between)).toEqual(cells(phrasesTable()));
});

test("licence, year and holders", () => {
  expect(read("LICENSE")).toMatch(/^MIT License\n\nCopyright \(c\) 2026 Deckhand contributors\n/);
});

test("every dependency has its line in 0007, and every line its dependency", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const record = read("docs/adr/0007-libraries-bought.md");
  const named = (name: string): boolean => new RegExp(`(?<![\\w@/.-])${name}(?![\\w/.-]*\\w)`).test(record);
  expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !named(name))).toEqual([]);
  const rows = found(record, /^\| ([^|]+?) +\|/gm).filter((cell) => !/^(Dependency|-+)$/.test(cell));
  expect(rows.flatMap((cell) => cell.split(", ")).filter((name) => !(name in dependencies))).toEqual([]);
});
