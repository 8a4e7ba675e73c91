import { describe, expect, it } from "vitest";
import { CodeError } from "./parse.ts";
import { programModule } from "./program.ts";
import { readProgram } from "./read.ts";

/** Runs a program as the isolate does, with modules of the test's own. */
async function run(code: string): Promise<unknown> {
  const { text } = await programModule(code, "$check");
  const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
    default: (check: object) => () => Promise<unknown>;
  };
  const same = (value: unknown) => value;
  return module.default(Object.assign(() => undefined, { text: same }))();
}

describe("TypeScript is accepted", () => {
  it.each([
    ["annotations", "const add = (a: number, b?: number): number => a + (b ?? 1);\nreturn add(1) as number", 2],
    ["as and satisfies", "const a = { x: 1 } satisfies Record<string, number>;\nreturn (a as { x: number }).x", 1],
    ["as const and non-null", "const a = [1, 2] as const;\nreturn a[1]!", 2],
    ["interfaces and types", "interface A<T> {\n  a: T;\n}\ntype B = A<string> | null;\nconst b: B = { a: 'x' };\nreturn b.a", "x"], // oxfmt-ignore
    ["generics", "const id = <T,>(x: T): T => x;\nclass Box<T> { constructor(readonly value: T) {} }\nreturn new Box<number>(id<number>(3)).value", 3], // oxfmt-ignore
    ["enums", "enum Size { Small, Large = 5, Huge }\nreturn [Size.Huge, Size[5]]", [6, "Large"]],
    ["const enums of text", "const enum Way { In = 'in' }\nreturn Way.In", "in"],
    ["top-level await and return", "const x: number = await Promise.resolve(4);\nif (x as number) return x;", 4],
    ["classes", "abstract class A { abstract f(): number; declare z: string; private y = 2; get w(): number { return this.y } }\nclass B extends A { override f(): number { return this.w } }\nreturn new B().f()", 2], // oxfmt-ignore
    ["overloads", "function f(a: string): string;\nfunction f(a: number): string;\nfunction f(a: unknown) { return String(a) }\nreturn f(1)", "1"], // oxfmt-ignore
    ["assertion functions and guards", "function is(v: unknown): v is string { return typeof v === 'string' }\nreturn is('a')", true], // oxfmt-ignore
    ["loops with types", "let sum = 0;\nfor (const [, v] of Object.entries({ a: 1, b: 2 }) as [string, number][]) sum += v;\nreturn sum", 3], // oxfmt-ignore
    [
      "declare",
      "declare const nothing: number;\ndeclare namespace N { const a: 1 }\nreturn typeof nothing",
      "undefined",
    ],
  ])("%s", async (_, code, expected) => {
    expect(await run(code)).toEqual(expected);
    const { code: read } = await readProgram(code);
    expect(read.split("\n")).toHaveLength(code.split("\n").length);
  });

  it("plain JavaScript is read as it is, also where TypeScript would see types", async () => {
    const code = "const a = 3, b = 2, c = 1;\nreturn a < b > (c)";
    expect((await readProgram(code)).code).toBe(code);
  });

  it("a type alone is imported from nowhere", async () => {
    expect((await readProgram("import type { Row } from './rows.ts';\nreturn 1 as Row")).code).toBe("\nreturn 1 ");
  });
});

describe("what does not parse names the model's own line", () => {
  it.each([
    ["JavaScript", "const a = 1;\nlet b = ;", 2, "SyntaxError: Unexpected token (line 2, column 9)"],
    ["TypeScript before the mistake", "const a: number = 1;\nconst c = 2;\nlet b = ;", 3, "line 3"],
    ["TypeScript after the mistake", "let b = ;\nconst a: number = 1;", 1, "line 1, column 9"],
    ["what only JavaScript forbids", "const a: number = 1;\nconst a = 2;", 2, "line 2"],
    [
      "namespaces",
      "const a: number = 1;\nnamespace N { export const b = 1 }\nreturn N.b",
      2,
      "namespace is not supported",
    ],
  ])("%s", async (_, code, line, words) => {
    const thrown = await readProgram(code).then(() => null, (error: unknown) => error); // oxfmt-ignore
    expect(thrown).toBeInstanceOf(CodeError);
    expect(thrown).toMatchObject({ code: "code.failed", line });
    expect((thrown as CodeError).userMessage).toContain(words);
  });

  it("an import that is refused is refused in TypeScript too", async () => {
    const code = "const a: number = 1;\nimport fs from 'node:fs';";
    await expect(readProgram(code)).rejects.toMatchObject({ code: "code.refused", line: 2 });
  });

  it.each([
    ["arrow functions in defaults", (n: number) => `x = ${"a ? (b) : (c = ".repeat(n)}b${") => d".repeat(n)}; let y: number`], // oxfmt-ignore
    ["generic arrows", (n: number) => `x = ${"<T>(".repeat(n)}b${")".repeat(n)}; let y: number`],
    ["parentheses", (n: number) => `let x: ${"(".repeat(n * 300)}b${")".repeat(n * 300)}; let y: number`],
  ])("a program made to keep the reader busy is given up soon: %s", async (_, make) => {
    const started = performance.now();
    await expect(readProgram(make(40))).rejects.toMatchObject({ code: "code.failed" });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("a long program is no such thing", async () => {
    const lines = Array.from({ length: 1500 }, (_, i) => `const f${i} = (a: number, b: string[] = []): string => b[a] ?? "x${i}";`); // oxfmt-ignore
    expect((await readProgram(lines.join("\n"))).code).toContain("x1499");
  });
});

describe("imports", () => {
  it.each([
    ['import Papa from "csv";', 'const {"default":Papa}=await import("csv");', ["csv"]],
    ["import { a, b as c, default as d } from 'zip'", 'const {"a":a,"b":c,"default":d}=await import("zip");', ["zip"]],
    ["import * as md from 'markdown'", 'const md=await import("markdown");', ["markdown"]],
    ["import d, * as md from 'markdown'", 'const md=await import("markdown");const {"default":d}=md;', ["markdown"]],
    ["import {\n  a,\n} from 'csv'; a()", 'const {"a":a}=await import("csv");\n\n a()', ["csv"]],
    ["import 'csv'", 'await import("csv");', ["csv"]],
    ["const { parse } = await import('xlsx')", "const { parse } = await import('xlsx')", ["xlsx"]],
    ["return 'import x from \"csv\"'", "return 'import x from \"csv\"'", []],
  ])("%j", async (code, expected, modules) => {
    const program = await programModule(code, "$check");
    expect(program.text).toBe(`export default ($check) => async () => { ${expected}\n};`);
    expect(program.modules).toEqual(modules);
  });

  it("in TypeScript as well, the types among them left out", async () => {
    const program = await programModule("import { parse, type Row } from 'csv';\nconst a: Row = parse('');", "$check");
    expect(program.text).toContain('const {"parse":parse}=await import("csv");');
    expect(program.modules).toEqual(["csv"]);
  });
});
