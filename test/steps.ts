import { join } from "node:path";

export const root = new URL("..", import.meta.url).pathname;
const bin = (name: string) => join(root, "node_modules/.bin", name);

export interface Step {
  name: string;
  command: string[];
  /** Where vitest writes what it has run; its tests are counted one by one. */
  report?: string;
  /** It starts real processes, which a busy machine can hold up: files that failed are run once more by themselves. */
  again?: boolean;
}

/** All that `npm test` runs. Two go on at the same time, begun in this order: first the quick ones, then the longest. */
export function allSteps(reports: string): Step[] {
  const vitest = (name: string, args: string[]): Step => {
    const report = join(reports, `${name}.json`);
    return {
      name,
      report,
      again: !["unit", "contract"].includes(name),
      command: [bin("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...args],
    };
  };
  const project = (name: string): Step => vitest(name, ["--config", "test/vitest.config.ts", "--project", name]);
  return [
    { name: "types", command: [bin("tsc"), "-p", "."] },
    { name: "lint", command: [bin("oxlint"), "--deny-warnings", "."] },
    { name: "types of the page", command: [bin("tsc"), "-p", "bots/local/page"] },
    { name: "format", command: [bin("oxfmt"), "--check", "."] },
    project("e2e"),
    project("unit"),
    project("contract"),
    project("shell"),
    vitest("workerd", ["--config", "test/workerd/vitest.config.ts"]),
    vitest("isolate", ["--config", "test/workerd-isolate/vitest.config.ts"]),
    { name: "soak", command: [process.execPath, "test/soak/main.ts", "--kills", "20", "--seed", "7"] },
    project("crash"),
    project("computer"),
    project("browser"),
    project("jail"),
    { name: "deploy", command: [process.execPath, "test/deploy.ts"] },
  ];
}
