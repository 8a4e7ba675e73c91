import type { RichTextBlock, TableBlock } from "@slack/types";
import { cellElements } from "./inline.ts";
import { inert } from "./inert.ts";
import { ours, slackLimits } from "./limits.ts";
import { breakTokens, clip, unescapeText } from "./mrkdwn.ts";
import { byteLength } from "./split.ts";

export interface Table {
  align: ("left" | "center" | "right" | null)[];
  /** The head first; every row has as many cells as the head. Markdown as it was written. */
  rows: string[][];
}

/** Cells of one row: cut at pipes that are not escaped. */
export function splitRow(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(^|[^\\])\|$/, "$1")
    .split(/(?<!\\)\|/);
  return cells.map((cell) => cell.replaceAll("\\|", "|").trim());
}

/** Reads what `segmentsOf` found to be a table. A row that is too long keeps its words in the last cell. */
export function readTable(markdown: string): Table {
  const [head = "", delimiter = "", ...lines] = markdown.split("\n");
  const align = splitRow(delimiter).map((cell) => {
    const [left, right] = [cell.startsWith(":"), cell.endsWith(":")];
    return left && right ? "center" : right ? "right" : left ? "left" : null;
  });
  const rows = [head, ...lines].map((line) => {
    const cells = splitRow(line);
    const kept = cells.slice(0, align.length - 1);
    const last = cells.slice(align.length - 1).join(" | ");
    return Array.from({ length: align.length }, (_, n) => (n === align.length - 1 ? last : (kept[n] ?? "")));
  });
  return { align, rows };
}

/** The table as Markdown again. */
export function writeTable({ align, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  const marks = { left: ":--", center: ":-:", right: "--:" } as const;
  const [head = [], ...body] = rows;
  return [line(head), line(align.map((one) => (one === null ? "---" : marks[one]))), ...body.map(line)].join("\n");
}

type Cell = TableBlock["rows"][number][number];

/** What Slack shows for nothing: it refuses an empty cell. */
const nothing = "–";

function cellOf(markdown: string): { cell: Cell; text: string } {
  const elements = cellElements(inert(markdown, { final: true }));
  const text = elements
    .map((element) => (element.type === "link" ? (element.text ?? element.url) : element.text))
    .join("");
  if (text.trim() === "") return { cell: { type: "raw_text", text: nothing }, text: nothing };
  const plain = elements.every((element) => element.type === "text" && element.style === undefined);
  if (plain) return { cell: { type: "raw_text", text }, text };
  const block: RichTextBlock = { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
  return { cell: block, text };
}

/** The table as Slack's own block, or null when it is beyond Slack's limits. */
export function tableBlock({ align, rows }: Table): { block: TableBlock; bytes: number } | null {
  if (rows.length > slackLimits.tableRows || align.length > slackLimits.tableColumns) return null;
  let chars = 0;
  let bytes = 0;
  const cells: Cell[][] = [];
  for (const row of rows) {
    const made = row.map(cellOf);
    for (const { text } of made) {
      chars += text.length;
      bytes += byteLength(text);
    }
    if (chars > slackLimits.tableChars || bytes > ours.tableBytes) return null;
    cells.push(made.map(({ cell }) => cell));
  }
  const settings = align.some((one) => one !== null)
    ? { column_settings: align.map((one) => ({ align: one ?? ("left" as const) })) }
    : {};
  return { block: { type: "table", rows: cells, ...settings }, bytes };
}

/** The head and the first rows of a table that is too large, with cells short enough to be shown. */
export function firstRows({ align, rows }: Table): Table {
  const columns = Math.min(align.length, slackLimits.tableColumns);
  const shown = rows.slice(0, ours.tableFirstRows + 1);
  const cellChars = Math.max(12, Math.floor(ours.tablePreviewChars / (shown.length * columns)));
  const cut = shown.map((row) => row.slice(0, columns).map((cell) => clip(plainCell(cell), cellChars)));
  return { align: align.slice(0, columns), rows: cut };
}

/** A cell's words without their marks. */
const plainCell = (markdown: string): string =>
  cellElements(inert(markdown, { final: true }))
    .map((element) => (element.type === "link" ? (element.text ?? element.url) : element.text))
    .join("");

/** A spreadsheet must not take a cell for a formula. */
const defused = (cell: string): string => (/^(?:[=+@\t\r]|-(?![\d.,]))/.test(cell) ? `'${cell}` : cell);

/** The table as CSV (RFC 4180). */
export const csvOf = ({ rows }: Table): string =>
  rows
    .map((row) =>
      row
        .map((cell) => defused(cell))
        .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(","),
    )
    .join("\r\n");

/** Text of a fence that its content cannot close; Slack's tokens mean nothing in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${breakTokens(unescapeText(text))}\n${fence}`;
}
