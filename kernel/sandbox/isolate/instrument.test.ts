import { describe, expect, it } from "vitest";
import { instrument } from "./instrument.ts";
import { fc } from "../../../test/fast-check.ts";

const check = "$check";
const strip = (code: string) =>
  code.replaceAll(`{${check}();`, "{").replaceAll(`${check}();`, "").replaceAll(`(${check}(),`, "(");

describe("instrument puts a check", () => {
  it.each([
    ["for (;;) x();", "for (;;) {$check();x();}"],
    ["for (;;) { x() }", "for (;;) {$check(); x() }"],
    ["for (const a of b);", "for (const a of b){$check();;}"],
    ["for (const a in b) c\nd", "for (const a in b) {$check();c}\nd"],
    ["for await (const a of b) c;", "for await (const a of b) {$check();c;}"],
    ["while (a) while (b) c;", "while (a) {$check();while (b) {$check();c;}}"],
    ["do x\nwhile (y)", "do {$check();x}\nwhile (y)"],
    ["if (a) while (b) c; else d;", "if (a) while (b) {$check();c;} else d;"],
    ["function f() { g() }", "function f() {$check(); g() }"],
    ["const f = x => x + 1", "const f = x => ($check(),x + 1)"],
    ["const f = x => ({ x })", "const f = x => (($check(),{ x }))"],
    ["const f = a => b => c", "const f = a => ($check(),b => ($check(),c))"],
    ["while (a) f = x => y", "while (a) {$check();f = x => ($check(),y)}"],
    ["const f = async () => await x", "const f = async () => ($check(),await x)"],
    ["function* g() { yield 1 }", "function* g() {$check(); yield 1 }"],
    ["class A { constructor() {} get b() { return 1 } static c() {} }", "class A { constructor() {$check();} get b() {$check(); return 1 } static c() {$check();} }"], // oxfmt-ignore
    ["class A { b = new A(); c = () => d; static { e() } }", "class A { b = ($check(),new A()); c = () => ($check(),d); static { $check();e() } }"], // oxfmt-ignore
    ["try { a } catch { b } finally { c }", "try { a } catch {$check(); b } finally {$check(); c }"],
    ["const f = function (a = () => b) {}", "const f = function (a = () => ($check(),b)) {$check();}"],
    ["({ get a() { return 1 }, b() {}, async *c() {} })", "({ get a() {$check(); return 1 }, b() {$check();}, async *c() {$check();} })"], // oxfmt-ignore
    ["return `${a.map(x => x)}`", "return `${a.map(x => ($check(),x))}`"],
    ["// while (1) {}\nreturn '}'", "// while (1) {}\nreturn '}'"],
  ])("%s", (code, expected) => {
    expect(instrument(code, check)).toBe(expected);
    expect(strip(expected).split("\n")).toHaveLength(code.split("\n").length);
  });

  it.each([
    ["s += s; s + 1; n + 1", "$check.text(s += s); s + 1; n + 1"],
    ["s + 'x' + t", "$check.text($check.text(s + 'x') + t)"],
    ["`a${b}` + tag`a${b}`", "$check.text($check.text(`a${b}`) + tag`a${b}`)"],
    ["2n ** n << m", "$check.text($check.text(2n ** n) << m)"],
    ["[...a, 1]; f(...b); ({ ...c })", "[...$check.spread(a), 1]; f(...$check.spread(b)); ({ ...$check.spread(c) })"],
    ["new Array(n); Array(n + m); new Array(1, 2)", "new Array($check.count(n)); Array($check.count($check.text(n + m))); new Array(1, 2)"], // oxfmt-ignore
    ["const f = (a) => a + b", "const f = (a) => ($check(),$check.text(a + b))"],
  ])("where a value could be much larger than its parts: %s", (code, expected) => {
    expect(instrument(code, check, undefined, "looked at")).toBe(expected);
  });

  it("and keeps a nameless function's and class's name, and reads new.target", async () => {
    const code = `class A { a = () => 1; b = class {}; c = function () {} }
function F() { return new.target === F }
const a = new A(); return [a.a.name, a.b.name, a.c.name, new F() instanceof F]`;
    expect(await evaluate(instrument(code, check), () => undefined)).toEqual(["a", "b", "c", true]);
  });
});

describe("a program that cannot run is refused with line and column", () => {
  it.each([
    ["const a = 1;\nlet b = ;", "code.failed", 2, "SyntaxError: Unexpected token (line 2, column 9)"],
    ["return 1\n}", "code.failed", 2, "(line 2, column 1)"],
    ["}; evil(); {", "code.failed", 1, "(line 1, column 1)"],
    ["#!/usr/bin/node\n1", "code.failed", 1, "SyntaxError"],
    ["with (a) {}", "code.failed", 1, "SyntaxError"],
    [
      "\nimport fs from 'fs'",
      "code.refused",
      2,
      'import of "fs" is refused: the modules here are csv, markdown, xlsx and zip',
    ],
    ["const fs = await import('fs')", "code.refused", 1, 'import of "fs" is refused'],
    ["await import(`csv`)", "code.refused", 1, "import() of a computed name is refused"],
    ["() => { return import.meta.url }", "code.refused", 1, "import.meta is refused"],
    ["export default 1", "code.refused", 1, "export is refused"],
  ])("%j", (code, expected, line, words) => {
    expect(() => instrument(code, check)).toThrow(expect.objectContaining({ code: expected, line }));
    expect(() => instrument(code, check)).toThrow(words);
  });

  it("also when it is nested too deeply to be read", () => {
    const code = `${"(".repeat(50_000)}1${")".repeat(50_000)}`;
    expect(() => instrument(code, check)).toThrow(expect.objectContaining({ code: "code.failed" }));
  });
});

/* Programs that end: loops count, and every statement writes what it did into `t`. */
const { block } = fc.letrec<{ expr: string; stmt: string; block: string }>((tie) => ({
  expr: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("1", "2", "a", "b", "'x'", "t.length", "null", "[3, 4]", "this === undefined"),
    fc.tuple(tie("expr"), fc.constantFrom("+", "===", "&&", "??", ","), tie("expr")).map(([l, op, r]) => op === "??" ? `((${l}) ?? (${r}))` : `(${l} ${op}\n ${r})`), // oxfmt-ignore
    fc.tuple(tie("expr"), tie("expr"), tie("expr")).map(([c, l, r]) => `(${c} ? ${l} : ${r})`),
    tie("expr").map((e) => `((p) => ${e})(a)`),
    tie("expr").map((e) => `(p => q => ({ p, q: ${e} }))(1)(2)`),
    tie("expr").map((e) => `[1, 2].map(x => ${e})`),
    tie("expr").map((e) => `((async () => ${e})(), 1)`),
    tie("expr").map((e) => `[...(function* () { yield ${e}; yield* [1] })()]`),
    tie("expr").map((e) => `new (class K { v = ${e}; static s = 1; static { K.s++ } get g() { return [this.v, K.s] } })().g`), // oxfmt-ignore
    tie("expr").map((e) => `(({ z = () => ${e} }) => z())({})`),
    tie("expr").map((e) => `(function () { return ${e} }).call(undefined)`),
  ),
  stmt: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("expr").map((e) => `t.push(${e});`),
    tie("expr").map((e) => `a = ${e}\n`),
    fc.tuple(tie("expr"), tie("stmt"), tie("stmt")).map(([c, x, y]) => `if (${c}) ${x} else ${y}`),
    tie("stmt").map((s) => `for (let i = 0; i < 2; i++) ${s}`),
    tie("stmt").map((s) => `for (const [k, v = () => k] of [[1], [2]]) ${s}`),
    tie("stmt").map((s) => `for (const k in { x: 1, y: 2 }) ${s}`),
    tie("stmt").map((s) => `for await (const k of [1, 2])\n ${s}`),
    tie("block").map((s) => `{ let n = 2; while (n-- > 0) ${s} }`),
    tie("stmt").map((s) => `{ let n = 2; do ${s} while (--n > 0) }`),
    fc.tuple(tie("block"), fc.nat(1e6)).map(([s, n]) => `l${n}: for (const x of [1, 2]) { for (;;) { ${s} if (x === 1) continue l${n}; break l${n} } }`), // oxfmt-ignore
    fc.tuple(tie("block"), tie("expr")).map(([s, e]) => `try ${s} catch { t.push('c') } finally { t.push(${e}) }`),
    tie("expr").map((e) => `try { throw new Error(String(${e})) } catch (error) { t.push(error.message) }`),
    tie("expr").map((e) => `switch (${e}) { case 1: t.push('one'); default: t.push('d') }`),
    tie("block").map((s) => `{ (function f(n) { if (n > 0) f(n - 1); else t.push(n) })(2); ${s} }`),
    tie("expr").map((e) => `{ t.push(${e}); if (t.length > 6)\n null.broken; }`),
  ),
  block: fc.array(tie("stmt"), { maxLength: 3 }).map((all) => `{\n${all.join("\n")}\n}`),
}));

/** What the program does, as data: what it noted, what it threw and in which line. */
async function outcomeOf(code: string, check: () => void): Promise<unknown> {
  const t: unknown[] = [];
  try {
    return { t, value: await evaluate(code, check, t) };
  } catch (thrown) {
    const at = /<anonymous>:(\d+):\d+\)?$/m.exec(String((thrown as Error).stack));
    return { t, message: (thrown as Error).message, line: at?.[1] };
  }
}

async function evaluate(code: string, check: () => void, t: unknown[] = []): Promise<unknown> {
  const AsyncFunction = (async () => undefined).constructor as new (
    ...parts: string[]
  ) => (...args: unknown[]) => Promise<unknown>;
  return new AsyncFunction("$check", "t", `"use strict"; let a = 1, b = [2]; {\n${code}\n}`)(check, t);
}

describe("a program with checks", () => {
  it("throws in the line it is written in", async () => {
    const code = "for (const a of [1])\n  [a].map((x) =>\n    x.y.z)";
    const before = await outcomeOf(code, () => undefined);
    expect(before).toMatchObject({ line: expect.stringMatching(/^\d+$/) });
    expect(await outcomeOf(instrument(code, check), () => undefined)).toEqual(before);
  });

  it("does what it did before and throws in the same lines", async () => {
    await fc.assert(
      fc.asyncProperty(block, async (body) => {
        const code = `${body}\nreturn [a, b]`;
        const checked = instrument(code, check);
        const before = await outcomeOf(code, () => undefined);
        const after = await outcomeOf(checked, () => undefined);
        expect(JSON.stringify(after)).toBe(JSON.stringify(before));
        expect(checked.split("\n")).toHaveLength(code.split("\n").length);
        if (/for|while/.test(code)) expect(checked).toContain(check);
      }),
      { numRuns: 300, seed: 20261 },
    );
  });
});
