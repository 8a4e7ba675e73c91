import Papa from "papaparse";

export interface ParseOptions {
  /** The first row names the columns, and rows are objects (the default); else rows are arrays. */
  header?: boolean;
  /** Numbers and booleans as such; else everything stays text. */
  typed?: boolean;
  /** Guessed when absent. */
  delimiter?: string;
}

/** Rows of a CSV text. @throws Error for quotes that do not end, with the row. */
export function parse(text: string, { header = true, typed = false, delimiter = "" }: ParseOptions = {}): unknown[] {
  const { data, errors } = Papa.parse<unknown>(text.replace(/^\uFEFF/, ""), {
    header,
    dynamicTyping: typed,
    delimiter,
    skipEmptyLines: true,
  });
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) throw new Error(`csv: ${broken.message} (row ${(broken.row ?? 0) + 1})`);
  return data;
}

export interface FormatOptions {
  columns?: string[];
  delimiter?: string;
}

/** CSV of rows: objects, whose keys become the first row, or arrays. */
export function stringify(rows: unknown[], { columns, delimiter = "," }: FormatOptions = {}): string {
  return `${Papa.unparse(rows as object[], { delimiter, newline: "\n", ...(columns ? { columns } : {}) })}\n`;
}
