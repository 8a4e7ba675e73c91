/*
 * Reading what tools give. The rehearsal takes what it finds and shows the rest as it came: it knows the tools' outputs
 * no better than a model does.
 */

export const field = (value: unknown, ...names: string[]): unknown => {
  if (typeof value !== "object" || value === null) return undefined;
  const found = value as Record<string, unknown>;
  const name = names.find((candidate) => found[candidate] !== undefined && found[candidate] !== null);
  return name === undefined ? undefined : found[name];
};

export const textField = (value: unknown, ...names: string[]): string | undefined => {
  const found = field(value, ...names);
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : undefined;
};

export const listField = (value: unknown, ...names: string[]): unknown[] => {
  const found = Array.isArray(value) ? value : field(value, ...names);
  return Array.isArray(found) ? found : [];
};

/** A value as it may be shown in a fenced block, cut at `max` characters. */
export function show(value: unknown, max = 1500): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "nothing");
  return text.length > max ? `${text.slice(0, max)}\n… (${text.length - max} characters more)` : text;
}

/** A fence longer than any run of backticks inside. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Path of an entry of a listing, whichever way the tool names it. */
export const pathOf = (entry: unknown): string =>
  typeof entry === "string" ? entry : (textField(entry, "path", "name") ?? show(entry, 200));

export interface Page {
  page: number;
  text: string;
}

const heading = /^##[^\S\n]+Page[^\S\n]+(\d{1,5})[^\S\n]*$/gm;
/** What stands in place of a page that has no text. */
const textless = /^_(?:No text layer|This page is damaged)[^\n]*_$/;

/** Cuts a document's Markdown at its page headings; pages without text are left out. No headings: no pages. */
export function pagesOf(markdown: string): Page[] {
  const marks = [...markdown.matchAll(heading)];
  return marks
    .map((mark, index) => ({
      page: Number(mark[1]),
      text: markdown.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? markdown.length).trim(),
    }))
    .filter(({ text }) => text !== "" && !textless.test(text));
}

/** First sentences of a text, at most `max` characters, without Markdown's marks. */
export function gist(text: string, max = 220): string {
  const flat = text
    .replace(/[#*_`>|]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (flat.length <= max) return flat;
  const cut = flat.slice(0, max);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), max / 2))} …`;
}
