import type { RichTextLink, RichTextText } from "@slack/types";
import { breakTokens, unescapeText } from "./mrkdwn.ts";

type Style = NonNullable<RichTextText["style"]>;
export type CellElement = RichTextText | RichTextLink;

/** An escaped sign, code, a link, bold, struck, italic: what Slack's rich text has for a line of Markdown. */
const marks =
  /\\[\\`*_{}[\]()#+.!~|-]|(?<code>`+)(?!`)(?<coded>[^`]|[^`].*?[^`])\k<code>(?!`)|\[(?<label>(?:\\.|[^\]\\])+)\]\((?<url>https?:[^\s()]+)\)|\*\*(?<bold>\S(?:.*?\S)?)\*\*|~~(?<strike>\S(?:.*?\S)?)~~|(?<![\w*])\*(?<italic>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])|(?<![\w_])_(?<under>[^\s_](?:[^_]*[^\s_])?)_(?![\w_])/gs;

const maxDepth = 4;
/** A longer line is shown without its marks being read: nobody reads it, and reading it takes too long. */
const maxChars = 2000;
const unescapeMark = (text: string): string => text.replace(/\\([\\`*_{}[\]()#+.!~|-])/g, "$1");
/** Shown as it is, whatever it looks like. */
const literal = (text: string): string => breakTokens(unescapeText(text));

/** Inert Markdown of one line as Slack's rich text. */
export function cellElements(markdown: string, style: Style = {}, depth = 0): CellElement[] {
  const styled = Object.keys(style).length === 0 ? {} : { style };
  const text = (value: string): CellElement[] =>
    value === "" ? [] : [{ type: "text", text: literal(unescapeMark(value)), ...styled }];
  if (depth > maxDepth || markdown.length > maxChars) return text(markdown);
  const read = (
    whole: string,
    { coded, label, url, bold, strike, italic, under }: Partial<Record<string, string>>,
  ): CellElement[] => {
    // A sign that its backslash made a sign only.
    if (whole.startsWith("\\")) return text(whole);
    if (coded !== undefined)
      return [{ type: "text", text: literal(coded.trim() || coded), style: { ...style, code: true } }];
    if (label !== undefined && url !== undefined)
      return [{ type: "link", url: unescapeText(url), text: literal(unescapeMark(label)), ...styled }];
    if (bold !== undefined) return cellElements(bold, { ...style, bold: true }, depth + 1);
    if (strike !== undefined) return cellElements(strike, { ...style, strike: true }, depth + 1);
    return cellElements(italic ?? under ?? "", { ...style, italic: true }, depth + 1);
  };
  const elements: CellElement[] = [];
  let at = 0;
  for (const found of markdown.matchAll(marks)) {
    elements.push(...text(markdown.slice(at, found.index)), ...read(found[0], found.groups ?? {}));
    at = found.index + found[0].length;
  }
  return [...elements, ...text(markdown.slice(at))];
}
