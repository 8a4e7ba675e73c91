import MarkdownIt from "markdown-it";

/** A code fence of a text, by its lines counted from 0. */
export interface Fence {
  from: number;
  /** Its last line: the closing one, or where the text or what it stands in ends. */
  to: number;
  closed: boolean;
  /** It stands in a list or a quote, and ends with it. */
  nested: boolean;
  /** The signs that open it. */
  marks: string;
}

/**
 * Blocks of the parse that the local page makes as well. HTML is text in what we send, and so are link definitions; what
 * stands deeper than `maxNesting` is read as text.
 */
const parser = new MarkdownIt({ html: false });
parser.set({ maxNesting: 20 });
parser.block.ruler.disable("reference");

const maybe = /`{3}|~{3}/;

/** The code fences of a text, in their order. A line ends with `\n` and with nothing else. */
export function fencesOf(markdown: string): Fence[] {
  if (!maybe.test(markdown)) return [];
  const tokens: ReturnType<typeof parser.parse> = [];
  parser.block.parse(markdown, parser, {}, tokens);
  return tokens.flatMap((token) => {
    if (token.type !== "fence" || token.map === null) return [];
    const [from, end] = token.map;
    const inside = token.content === "" ? 0 : token.content.replace(/\n$/, "").split("\n").length;
    return [{ from, to: end - 1, closed: end - from - 1 > inside, nested: token.level > 0, marks: token.markup }];
  });
}

/** Quote signs and list markers at the beginning of a line, with the blanks about them. */
const containers = /^(?:[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))*[ \t]*/;

export const prefixOf = (line: string): string => containers.exec(line)?.[0] ?? "";

/** What a further line begins with that stands in the same list item or quote as one that begins with `prefix`. */
export const continued = (prefix: string): string =>
  prefix.replace(/[-*+]|\d+[.)]/g, (marker) => " ".repeat(marker.length));
