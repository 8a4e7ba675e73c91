import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Suite, startSuite } from "./start.ts";

let suite: Suite;
beforeAll(async () => {
  suite = await startSuite();
});
afterAll(() => suite.stop());

const user = "slack:T1:U1";
const run = async (code: string, limits: Record<string, number> = {}) =>
  (await suite.run({ user, code, limits })).result;

describe("a program in TypeScript", () => {
  it("runs, with enums, generics, satisfies, top-level await and return", async () => {
    const code = `interface Row { name: string; n: number }
enum Kind { A = "a", B = "b" }
const rows = [{ name: "x", n: 1 }] satisfies Row[];
const first = <T,>(list: T[]): T => list[0]!;
const row: Row = await Promise.resolve(first<Row>(rows));
return { row, kind: Kind.B } as const;`;
    expect(await run(code)).toMatchObject({ error: null, value: { row: { name: "x", n: 1 }, kind: "b" } });
  });

  it("names its own line when it throws, and when it does not parse", async () => {
    const threw = await run("interface A {\n  a: number;\n}\nconst a: A | null = null;\n\nreturn a!.a;");
    expect(threw.error).toMatchObject({ code: "code.failed", line: 6 });
    expect((await run("type A = number;\nconst a: A = 1;\nconst b = (;\n")).error).toMatchObject({ line: 3 });
  });

  it("ends at the limit as JavaScript does", async () => {
    const { error } = await run("const go: boolean = true; while (go as boolean) {}", { cpuMs: 250 });
    expect(error?.code).toBe("limit.cpu");
  });
});

describe("a program's modules", () => {
  it("csv, by an import at the head", async () => {
    const code = `import { parse, stringify } from "csv";
import * as csv from "csv";
const rows = parse("a,b\\n1,2", { typed: true });
return { rows, text: stringify(rows), same: csv.parse === parse };`;
    expect(await run(code)).toMatchObject({
      error: null,
      value: { rows: [{ a: 1, b: 2 }], text: "a,b\n1,2\n", same: true },
    });
  });

  it("markdown, by import() and in TypeScript", async () => {
    const { value } = await run('const { toHtml } = await import("markdown");\nreturn toHtml("*a*" as string)');
    expect(value).toBe("<p><em>a</em></p>\n");
  });

  it("zip and xlsx, in one program", async () => {
    const code = `import { zip, unzip } from "zip";
import { read } from "xlsx";
const book = zip({
  "xl/workbook.xml": '<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>',
  "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
  "xl/worksheets/s.xml": '<worksheet><row><c t="inlineStr"><is><t>hi</t></is></c><c><v>2</v></c></row></worksheet>',
});
return { names: Object.keys(unzip(book)), sheets: read(book) };`;
    expect(await run(code)).toMatchObject({
      error: null,
      value: {
        names: ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/s.xml"],
        sheets: [{ name: "S", rows: [["hi", 2]] }],
      },
    });
  });

  it("count as the program's own computing", async () => {
    const code = 'import { parse } from "csv";\nfor (;;) parse("a,b\\n".repeat(200_000));';
    expect((await run(code, { cpuMs: 300 })).error?.code).toBe("limit.cpu");
    const inside = 'import { parse } from "csv";\nparse("a,b\\n".repeat(1_500_000));';
    expect((await run(inside, { cpuMs: 300 })).error?.code).toBe("limit.cpu");
  });

  it("are there for nobody who does not name them, and no others are", async () => {
    const { error } = await run("const name = 'csv'; return import(name)");
    expect(error).toMatchObject({ code: "code.refused", line: 1 });
    expect((await run('import { connect } from "cloudflare:sockets"; connect("a:1")')).error?.code).toBe(
      "code.refused",
    );
    expect((await run('import "./guest.js"')).error?.code).toBe("code.refused");
  });
});

describe("TOOLS and PROXY in a program", () => {
  it("a tool's input goes and its output comes as JSON", async () => {
    expect((await run("return [await TOOLS.echo({ a: [1], d: new Date(0) }), await TOOLS.list(), Object.keys(TOOLS)]")).value).toEqual([{ input: { a: [1], d: "1970-01-01T00:00:00.000Z" } }, [{ name: "echo" }], ["echo", "wait", "list"]]); // oxfmt-ignore
  });

  it("a failure is an Error with its code, in the program's own line when nobody catches it", async () => {
    const caught = await run("try { await TOOLS.echo(1n) } catch (e) { return [e instanceof Error, e.code] }");
    expect(caught.value).toEqual([true, "input.invalid"]);
    const cyclic = await run("const a = {}; a.a = a;\nawait TOOLS.echo(a)");
    expect(cyclic.error).toMatchObject({ code: "input.invalid" });
    expect((await run("await TOOLS.nothing({})")).error?.userMessage).toContain("TOOLS.nothing is not a function");
    expect((await run("return await TOOLS.echo(JSON.parse('{\"__proto__\":{\"x\":1}}'))")).value).toEqual({ input: JSON.parse('{"__proto__":{"x":1}}') }); // oxfmt-ignore
  });

  it("a wait for a person is not the program's time, and is bounded by its own", async () => {
    const limits = { wallMs: 500, maxApprovalWaitMs: 60_000 };
    const waited = await run(
      "const { leftMs } = await TOOLS.wait({ ms: 1500 }); await scheduler.wait(50); return leftMs",
      limits,
    );
    expect(waited.error).toBeNull();
    expect(waited.value).toBeLessThan(59_000);
    const both = await run("await Promise.all([TOOLS.wait({ ms: 800 }), TOOLS.wait({ ms: 900 })]); return 1", limits);
    expect(both.value).toBe(1);
    expect((await run("await TOOLS.wait({ ms: 800 }); await scheduler.wait(5000)", limits)).error?.code).toBe(
      "limit.wall",
    );
  });

  it("calls of both count", async () => {
    const code =
      "for (let i = 0; i < 3; i++) await TOOLS.echo({});\nawait PROXY.fetch('https://a.example/').catch(() => 0);\nawait FILES.stat('home/a')";
    const { error } = await run(code, { maxSubCalls: 4 });
    expect(error).toMatchObject({ code: "limit.calls", userMessage: expect.stringContaining("limits.isolate.maxSubCalls") }); // oxfmt-ignore
  });

  it("PROXY answers that no account is connected", async () => {
    const { error } = await run("await PROXY.fetch('https://api.example.com/v1', { method: 'POST', body: '{}' })");
    expect(error).toMatchObject({ code: "account.none" });
    const wrong = await run("const seen = []; for (const url of ['http://a/', 'x', {}, null]) await PROXY.fetch(url).catch((e) => seen.push(e.code)); return seen"); // oxfmt-ignore
    expect(wrong.value).toEqual(["input.invalid", "input.invalid", "input.invalid", "input.invalid"]);
  });
});
