import { strFromU8 } from "fflate";
import { dateFormats, dateOf } from "./xlsx-dates.ts";
import { unpack } from "./unpack.ts";
import { attribute, elements, text, without } from "./xml.ts";

export type Cell = string | number | boolean | Date | null;
export interface Sheet {
  name: string;
  rows: Cell[][];
}

const maxCells = 1_000_000;
const maxColumns = 16_384;
const maxRows = 1_048_576;

interface Book {
  shared: string[];
  /** Whether a cell of this style holds a date. */
  dates: boolean[];
  from1904: boolean;
  /** Cells and places for them that may still be made. */
  left: number;
}

/**
 * The sheets of an Excel file (.xlsx), in their order, with the values as they were calculated last. Empty cells are
 * null, dates are Dates in UTC, errors their text. `sheet`: only the one of this name or number (1 is the first).
 * @throws Error for what is no .xlsx, past 64 MB unpacked or a million cells.
 */
export function read(bytes: Uint8Array | ArrayBuffer, { sheet }: { sheet?: string | number } = {}): Sheet[] {
  const files = unpack(bytes, "xlsx", (name) => /\.(?:xml|rels)$/i.test(name));
  const part = (name: string): string | null => {
    const found = files[name] ?? files[name.replace(/^\//, "")];
    return found ? strFromU8(found) : null;
  };
  const workbook = part("xl/workbook.xml");
  if (workbook === null) throw new Error("xlsx: not an Excel workbook (.xls of old and .ods cannot be read)");
  const targets = new Map<string, string>();
  for (const { attributes } of elements(part("xl/_rels/workbook.xml.rels") ?? "", "Relationship")) {
    const target = attribute(attributes, "Target") ?? "";
    targets.set(attribute(attributes, "Id") ?? "", target.startsWith("/") ? target.slice(1) : `xl/${target}`);
  }
  const [properties] = elements(workbook, "workbookPr");
  const book: Book = {
    shared: [...elements(part("xl/sharedStrings.xml") ?? "", "si")].map(({ inside }) => textOf(inside)),
    dates: dateFormats(part("xl/styles.xml") ?? ""),
    from1904: /^(?:1|true)$/.test(attribute(properties?.attributes ?? "", "date1904") ?? ""),
    left: maxCells,
  };
  const all = [...elements(workbook, "sheet")].map(({ attributes }) => ({
    name: attribute(attributes, "name") ?? "",
    path: targets.get(attribute(attributes, "id") ?? "") ?? "",
  }));
  const wanted = all.filter(({ name }, index) => sheet === undefined || sheet === name || sheet === index + 1);
  if (wanted.length === 0)
    throw new Error(
      `xlsx: there is no sheet ${JSON.stringify(sheet)}; there are ${all.map(({ name }) => name).join(", ")}`,
    );
  return wanted.map(({ name, path }) => ({ name, rows: rowsOf(part(path) ?? "", book) }));
}

function rowsOf(xml: string, book: Book): Cell[][] {
  const rows: Cell[][] = [];
  for (const row of elements(xml, "row")) {
    const at = Number(attribute(row.attributes, "r") ?? rows.length + 1);
    if (!(at > rows.length && at <= maxRows)) continue;
    take(book, at - rows.length);
    while (rows.length < at - 1) rows.push([]);
    rows.push(cellsOf(row.inside, book));
  }
  return rows;
}

function cellsOf(xml: string, book: Book): Cell[] {
  const cells: Cell[] = [];
  for (const cell of elements(xml, "c")) {
    const at = columnOf(attribute(cell.attributes, "r")) ?? cells.length;
    if (at < cells.length || at >= maxColumns) continue;
    take(book, at - cells.length + 1);
    while (cells.length < at) cells.push(null);
    cells.push(valueOf(cell.attributes, cell.inside, book));
  }
  return cells;
}

function take(book: Book, places: number): void {
  book.left -= places;
  if (book.left < 0) throw new Error(`xlsx: more than ${maxCells} cells`);
}

/** "C7" → 2. */
function columnOf(reference: string | null): number | null {
  const letters = /^([A-Z]{1,3})\d*$/.exec(reference ?? "")?.[1];
  if (!letters) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function valueOf(attributes: string, inside: string, book: Book): Cell {
  const type = attribute(attributes, "t") ?? "n";
  if (type === "inlineStr") return textOf(inside);
  const [found] = elements(inside, "v");
  if (!found) return null;
  const raw = text(found.inside);
  switch (type) {
    case "s":
      return book.shared[Number(raw)] ?? null;
    case "b":
      return raw === "1";
    case "n": {
      const number = Number(raw);
      const dated = book.dates[Number(attribute(attributes, "s") ?? 0)] === true;
      return dated ? dateOf(number, book.from1904) : number;
    }
    case "d":
      return new Date(/[zZ]|[+-]\d\d:\d\d$/.test(raw) ? raw : `${raw}Z`);
    default:
      return raw;
  }
}

/** The text of a string with all its runs; how it is read aloud is left out. */
function textOf(xml: string): string {
  return [...elements(without(xml, "rPh"), "t")].map(({ inside }) => text(inside)).join("");
}
