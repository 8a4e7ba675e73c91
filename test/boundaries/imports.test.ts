import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

/** Every TypeScript file of ours, by its path from the root. */
function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

interface Import {
  from: string;
  to: string;
  /** `import type` and `export type` vanish when the program runs. */
  typeOnly: boolean;
}

const pattern = /(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;

function imports(file: string): Import[] {
  const source = readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...source.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? "";
    const to = specifier.startsWith(".") ? relative(root, join(root, dirname(file), specifier)) : specifier;
    return { from: file, to, typeOnly: match[1] !== undefined };
  });
}

const source = [...files("kernel"), ...files("adapters"), ...files("bots")].filter(
  (file) => !file.endsWith(".test.ts"),
);
const all = source.flatMap(imports);
const lines = (found: Import[]) => found.map(({ from, to }) => `${from} → ${to}`);

/** node: modules that workerd has under nodejs_compat and that we may use there. */
const inWorkerd = new Set([
  "node:async_hooks",
  "node:buffer",
  "node:crypto",
  "node:events",
  "node:stream",
  "node:zlib",
]);
const isNode = (file: string) =>
  /^bots\/local\/|^bots\/[a-z]+\/(socket|gateway|manifest)[^/]*\.ts$|^kernel\/sandbox\/computer\/(host|agent)\/|drizzle\.config\.ts$/.test(
    file,
  );

/**
 * Floors of the kernel, from the ground up. A folder may import from its own floor's folder and from lower floors only.
 * Types alone may point upwards: they are a description, not a way in.
 */
const floors: string[][] = [
  [
    "ids.ts",
    "errors.ts",
    "limits.ts",
    "clock.ts",
    "log.ts",
    "sha256.ts",
    "same-text.ts",
    "breathe.ts",
    "in-time.ts",
    "work.ts",
    "json-size.ts",
    "meter.ts",
    "migrations.d.ts",
  ],
  ["events", "chat", "models"],
  ["approvals", "files", "attachments", "installations"],
  ["sites", "sandbox"],
  ["tools"],
  ["stubs.ts", "env.ts", "user"],
  ["thread"],
  ["channel"],
];
const floorOf = (path: string): number => {
  const part = path.split("/")[1] ?? "";
  return floors.findIndex((floor) => floor.includes(part));
};

describe("the rules of the house, read off the imports", () => {
  test("there is something to read", () => {
    expect(source.length).toBeGreaterThan(100);
    expect(all.length).toBeGreaterThan(300);
  });

  test("kernel/ knows neither bots/ nor adapters/", () => {
    expect(lines(all.filter(({ from, to }) => from.startsWith("kernel/") && /^(bots|adapters)\//.test(to)))).toEqual(
      [],
    );
  });

  test("adapters/ do not know bots/, and not each other", () => {
    const platform = (path: string) => /^adapters\/([^/]+)\//.exec(path)?.[1];
    const wrong = all.filter(
      ({ from, to }) =>
        from.startsWith("adapters/") && (to.startsWith("bots/") || (platform(to) ?? platform(from)) !== platform(from)),
    );
    expect(lines(wrong)).toEqual([]);
  });

  test("an adapter sees of the kernel its contracts only", () => {
    const contracts =
      /^kernel\/(ids|errors|limits|clock|log|user\/overview|files\/types)\.ts$|^kernel\/(chat|events)\//;
    expect(
      lines(
        all.filter(({ from, to }) => from.startsWith("adapters/") && to.startsWith("kernel/") && !contracts.test(to)),
      ),
    ).toEqual([]);
  });

  test("only what runs in Node imports Node's own modules", () => {
    const wrong = all.filter(({ from, to }) => to.startsWith("node:") && !inWorkerd.has(to) && !isNode(from));
    expect(lines(wrong)).toEqual([]);
  });

  test("every folder of the kernel stands on a floor", () => {
    expect([
      ...new Set(source.filter((file) => file.startsWith("kernel/")).filter((file) => floorOf(file) < 0)),
    ]).toEqual([]);
  });

  test("nothing in the kernel imports upwards", () => {
    const wrong = all.filter(
      ({ from, to, typeOnly }) =>
        !typeOnly && from.startsWith("kernel/") && to.startsWith("kernel/") && floorOf(to) > floorOf(from),
    );
    expect(lines(wrong)).toEqual([]);
  });

  test("there is no circle", () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of all)
      if (!typeOnly && /\.tsx?$/.test(to)) graph.set(from, [...(graph.get(from) ?? []), to]);
    const done = new Set<string>();
    const circle = (file: string, path: string[]): string[] | null => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return null;
      done.add(file);
      for (const next of graph.get(file) ?? []) {
        const found = circle(next, [...path, file]);
        if (found) return found;
      }
      return null;
    };
    const found = [...graph.keys()].map((file) => circle(file, [])).find((one) => one !== null);
    expect(found ?? []).toEqual([]);
  });
});
