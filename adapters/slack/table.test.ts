import { expect, test } from "vitest";
import { csvOf, firstRows, readTable, tableBlock, writeTable } from "./table.ts";

const rows = (count: number, columns = 2) =>
  [
    `|${" h |".repeat(columns)}`,
    `|${"---|".repeat(columns)}`,
    ...Array.from({ length: count }, (_, n) => `|${` r${n} |`.repeat(columns)}`),
  ].join("\n");

test("A9 a table is Slack's own block: alignment, marks of a cell, no empty cell", () => {
  const made = tableBlock(readTable("| a | b | c |\n|:--|--:|---|\n| **x** y | | [z](https://z.example/1) |"));
  expect(made?.block).toEqual({
    type: "table",
    column_settings: [{ align: "left" }, { align: "right" }, { align: "left" }],
    rows: [
      [
        { type: "raw_text", text: "a" },
        { type: "raw_text", text: "b" },
        { type: "raw_text", text: "c" },
      ],
      [
        {
          type: "rich_text",
          elements: [
            {
              type: "rich_text_section",
              elements: [
                { type: "text", text: "x", style: { bold: true } },
                { type: "text", text: " y" },
              ],
            },
          ],
        },
        { type: "raw_text", text: "–" },
        {
          type: "rich_text",
          elements: [
            {
              type: "rich_text_section",
              elements: [
                { type: "link", url: "https://z.example/1", text: "z" },
                { type: "text", text: " (z.example)" },
              ],
            },
          ],
        },
      ],
    ],
  });
});

test("A10 a cell pings nobody", () => {
  const made = tableBlock(readTable("| <!channel> | `<@U1>` |\n|---|---|\n| a < b & c | <https://x.example|y> |"));
  expect(JSON.stringify(made)).not.toMatch(/<[!@h]/);
  expect(JSON.stringify(made)).toContain("a < b & c");
});

test("rows that are too short or too long keep their words; an escaped pipe is a sign", () => {
  expect(readTable("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n| x \\| y | z |").rows).toEqual([
    ["a", "b"],
    ["1", ""],
    ["1", "2 | 3"],
    ["x | y", "z"],
  ]);
});

test.each([
  ["99 rows below the head", rows(99), true],
  ["100 rows below the head", rows(100), false],
  ["20 columns", rows(1, 20), true],
  ["21 columns", rows(1, 21), false],
  ["9,900 characters", `| ${"x".repeat(9899)} |\n|---|\n| y |`, true],
  ["more than 10,000 characters", `| ${"x".repeat(10_000)} |\n|---|\n| y |`, false],
])("a table of %s", (_, markdown, fits) => {
  expect(tableBlock(readTable(markdown)) !== null).toBe(fits);
});

test("of a table that is too large the first rows are a table, and all of it is CSV", () => {
  const large = readTable(rows(300, 25));
  const first = firstRows(large);
  expect(first.rows).toHaveLength(21);
  expect(first.align).toHaveLength(20);
  expect(tableBlock(readTable(writeTable(first)))).not.toBeNull();
  expect(csvOf(large).split("\r\n")).toHaveLength(301);
  expect(csvOf(readTable('| a | b |\n|---|---|\n| =1+1 | say "hi", you |\n| -5 | x |'))).toBe(
    'a,b\r\n\'=1+1,"say ""hi"", you"\r\n-5,x',
  );
});

test("one cell that fills everything is cut in the preview", () => {
  const first = firstRows(readTable(`| ${"long ".repeat(5000)} |\n|---|\n| y |`));
  expect(tableBlock(first)).not.toBeNull();
});
