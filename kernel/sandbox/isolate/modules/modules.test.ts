import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import * as csv from "./source/csv.ts";
import * as markdown from "./source/markdown.ts";
import * as xlsx from "./source/xlsx.ts";
import * as zip from "./source/zip.ts";

describe("csv", () => {
  it("parses rows by their header, or as they are, typed when asked", () => {
    const text = '\uFEFFname,n\n"Öl, 1 l",3\nMehl,\n';
    expect(csv.parse(text)).toEqual([{ name: "Öl, 1 l", n: "3" }, { name: "Mehl", n: "" }]); // oxfmt-ignore
    expect(csv.parse(text, { header: false })).toEqual([["name", "n"], ["Öl, 1 l", "3"], ["Mehl", ""]]); // oxfmt-ignore
    expect(csv.parse("a;b\n1;true", { typed: true })).toEqual([{ a: 1, b: true }]);
    expect(csv.parse("")).toEqual([]);
  });
  it("names the row of a quote that does not end", () => {
    expect(() => csv.parse('a\n1\n"2')).toThrow(/csv: .*\(row 3\)/);
  });
  it("writes what it reads", () => {
    const rows = [{ a: 'x "y"', b: "1,2\n3" }];
    expect(csv.parse(csv.stringify(rows))).toEqual(rows);
    expect(csv.stringify([[1, 2]], { delimiter: ";" })).toBe("1;2\n");
    expect(csv.stringify([{ a: 1, b: 2 }], { columns: ["b"] })).toBe("b\n2\n");
  });
});

it("markdown gives HTML, tables too", () => {
  expect(markdown.toHtml("# A\n\n|x|y|\n|-|-|\n|1|2|")).toMatch(/<h1>A<\/h1>[\s\S]*<td>1<\/td>/);
});

describe("zip", () => {
  it("packs and unpacks text and bytes", () => {
    const packed = zip.zip({ "a/b.txt": "hé", "c.bin": new Uint8Array([0, 255]), d: new Uint8Array([1]).buffer });
    const files = zip.unzip(packed);
    expect(new TextDecoder().decode(files["a/b.txt"])).toBe("hé");
    expect(files["c.bin"]).toEqual(new Uint8Array([0, 255]));
    expect(zip.unzip(packed.slice().buffer)).toEqual(files);
  });
  it("a bomb is refused by what it says, and one that lies takes no more room than it said", () => {
    const bomb = zipSync({ big: new Uint8Array(65 * 1024 * 1024) });
    expect(() => zip.unzip(bomb)).toThrow("zip: unpacks to more than 64 MB");
    const lying = bomb.slice();
    const view = new DataView(lying.buffer);
    // The size stands in the file's own header and in the list at the end.
    for (let i = 0; i < lying.length - 4; i++)
      if (view.getUint32(i, true) === 65 * 1024 * 1024) view.setUint32(i, 10, true);
    let size = 0;
    try {
      size = zip.unzip(lying)["big"]?.length ?? 0;
    } catch (thrown) {
      expect((thrown as Error).message).toContain("zip: not a sound archive");
    }
    expect(size).toBeLessThanOrEqual(10);
  });
  it("what is no archive is said plainly", () => {
    expect(() => zip.unzip(new Uint8Array(100))).toThrow("zip: not a sound archive");
    expect(() => zip.unzip("text" as never)).toThrow("zip: takes the bytes");
    const many = zipSync(Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`f${i}`, new Uint8Array(0)])));
    expect(() => zip.unzip(many)).toThrow("zip: more than 10000 files");
  });
});

describe("xlsx", () => {
  const book = (sheets: Record<string, string>, more: Record<string, string> = {}, properties = "") => {
    const names = Object.keys(sheets);
    const parts: Record<string, string> = {
      "xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr ${properties}/><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": `<Relationships>${names.map((_, i) => `<Relationship Id="rId${i + 1}" Target="${i === 0 ? "" : "/xl/"}worksheets/sheet${i + 1}.xml"/>`).join("")}</Relationships>`,
      ...Object.fromEntries(names.map((name, i) => [`xl/worksheets/sheet${i + 1}.xml`, `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`])), // oxfmt-ignore
      ...more,
    };
    return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
  };
  const styles = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;day&quot; 0.0"/><numFmt numFmtId="171" formatCode="yyyy\\-mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`;

  it("reads numbers, texts, dates, truth, formulas, gaps and errors", () => {
    const bytes = book(
      {
        First: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" s="1"><v>45000.5</v></c><c r="C3" s="2"><v>7</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="str"><v>a&lt;b</v></c><c r="F3" t="e"><v>#DIV/0!</v></c><c r="G3" t="inlineStr"><is><t>in</t></is></c><c r="H3" s="3"/></row>`,
        "Second &amp; last": `<row><c><v>1</v></c></row><row/>`,
      },
      {
        "xl/sharedStrings.xml": `<sst><si><t>one</t></si><si><r><t xml:space="preserve">tw</t></r><r><t>o &#xE9;</t></r><rPh><t>no</t></rPh></si></sst>`,
        "xl/styles.xml": styles,
      },
    );
    expect(xlsx.read(bytes)).toEqual([
      {
        name: "First",
        rows: [
          ["one", null, "two é"],
          [],
          [2, new Date("2023-03-15T12:00:00Z"), 7, true, "a<b", "#DIV/0!", "in", null],
        ],
      },
      { name: "Second & last", rows: [[1], []] },
    ]);
    expect(xlsx.read(bytes, { sheet: 2 }).map(({ name }) => name)).toEqual(["Second & last"]);
    expect(xlsx.read(bytes, { sheet: "First" })).toHaveLength(1);
    expect(() => xlsx.read(bytes, { sheet: "Third" })).toThrow(
      'there is no sheet "Third"; there are First, Second & last',
    );
  });

  it("knows both starts of the calendar, and the day that never was", () => {
    const cell = (value: number) => `<row><c s="1"><v>${value}</v></c></row>`;
    const date = (value: number, properties = "") => xlsx.read(book({ A: cell(value) }, { "xl/styles.xml": styles }, properties))[0]?.rows[0]?.[0]; // oxfmt-ignore
    expect(date(1)).toEqual(new Date("1900-01-01"));
    expect(date(61)).toEqual(new Date("1900-03-01"));
    expect(date(0, 'date1904="1"')).toEqual(new Date("1904-01-01"));
  });

  it("is bounded against files made to harm", () => {
    expect(() => xlsx.read(book({ A: `<row r="1048576"><c r="A1"><v>1</v></c></row>` }))).toThrow(
      "more than 1000000 cells",
    );
    expect(() => xlsx.read(book({ A: Array.from({ length: 100 }, (_, i) => `<row r="${i + 1}"><c r="XFD1"><v>1</v></c></row>`).join("") }))).toThrow("more than 1000000 cells"); // oxfmt-ignore
    expect(() => xlsx.read(book({ A: "x".repeat(65 * 1024 * 1024) }))).toThrow("unpacks to more than 64 MB");
    const open = performance.now();
    expect(xlsx.read(book({ A: "<c ".repeat(1e6) + "<row ".repeat(1e6) }))).toEqual([{ name: "A", rows: [] }]);
    expect(performance.now() - open).toBeLessThan(10_000);
    expect(() => xlsx.read(strToU8("no"))).toThrow("xlsx: not a sound archive");
    expect(() => xlsx.read(zipSync({ "a.xml": strToU8("") }))).toThrow("not an Excel workbook");
  });
});
