import MarkdownIt from "markdown-it";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { parseMarkdown } from "../../bots/local/page/text/markdown.ts";
import { plain } from "../../bots/local/page/text/rich.ts";
import type { Flow, Inline } from "../../bots/local/page/text/rich.ts";

/*
 * What readers of Markdown make of a text: two parsers that share no code, and the local page. Each reading names what a
 * person could not see: a link whose host is neither its words nor said right after it, an image, HTML, a definition.
 */

/** Without the escapes that a parser adds to an address; it shows it without. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** Whether the host of `url` is what the words begin with, or stands in brackets right after them. */
function hostInSight(url: string, words: string, after: string): boolean {
  // The very address, and in it nobody's name before the host.
  const same = [url, decoded(url)].some((one) => one === words || one === `http://${words}`);
  if (same && (!URL.canParse(url) || !/^[a-z]+:\/\/[^/?#]*@/i.test(url))) return true;
  // What is no address leads nowhere; but one without a host leads to somewhere near the reader.
  if (!URL.canParse(url)) return /^https?:/i.test(url);
  // A name with a sign in it that is not seen and may be in none: it leads nowhere.
  if (words.includes("\u2060") && url.includes("xn--")) return true;
  const { host, protocol, href } = new URL(url);
  if (protocol === "mailto:" || protocol === "xmpp:")
    return decoded(url).endsWith(words) || decoded(href).endsWith(words);
  const said = /^(?:https?:\/\/)?([^/?#\s@\\|<>()]+)(?:$|[/?#\s|<>()])/i.exec(words.trim())?.[1] ?? "";
  // A name in letters that are not ASCII is read as it is written.
  const bare = URL.canParse(`${protocol}//${said}`) && new URL(`${protocol}//${said}`).host === host;
  return bare || after.startsWith(` (${host})`) || after.startsWith(` (${host.replaceAll("_", "\\_")})`);
}

/** An address without a scheme is one of the web. */
const full = (given: string): string => given.replace(/^\/\//, "http://");

const hidden = (url: string, words: string, after: string): string[] =>
  hostInSight(full(url), url.startsWith("mailto:") ? words : full(words), after)
    ? []
    : [`link to ${url} as ${JSON.stringify(words)}`];

const wordsOf = (nodes: readonly Nodes[]): string =>
  nodes
    .map((node) =>
      "value" in node ? node.value : "children" in node ? wordsOf(node.children) : node.type === "break" ? "\n" : "",
    )
    .join("");

function inTree(node: Nodes): string[] {
  if (["image", "imageReference", "definition", "footnoteDefinition", "linkReference", "html"].includes(node.type))
    return [node.type];
  if (!("children" in node)) return [];
  return node.children.flatMap((child, at) => [
    ...(child.type === "link" ? hidden(child.url, wordsOf(child.children), wordsOf(node.children.slice(at + 1))) : []),
    ...inTree(child),
  ]);
}

/** All but task lists, which trip over an assertion of their own where a box stands in an empty item. */
const trees = gfmFromMarkdown().filter((one) => !("taskListCheckValueChecked" in (one.exit ?? {})));

/** micromark, with GitHub's tables, footnotes, addresses and task lists. */
export const micromark = (markdown: string): string[] =>
  inTree(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [trees] }));

const reader = new MarkdownIt({ html: true, linkify: true, breaks: true });
type Token = ReturnType<typeof reader.parse>[number];

const textOf = (tokens: readonly Token[]): string =>
  tokens.map((token) => (token.type.endsWith("break") ? "\n" : token.content)).join("");

function inTokens(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, at) => {
    if (token.type === "image" || token.type.startsWith("html")) return [token.type];
    if (token.type !== "link_open") return inTokens(token.children ?? []);
    const end = tokens.findIndex((one, n) => n > at && one.type === "link_close");
    const url = String(token.attrGet("href"));
    return hidden(url, textOf(tokens.slice(at, end)), textOf(tokens.slice(end + 1)));
  });
}

/** markdown-it with HTML, and with addresses that have no scheme. */
export function markdownIt(markdown: string): string[] {
  const env: { references?: Record<string, never> } = {};
  const found = inTokens(reader.parse(markdown, env));
  return [...found, ...Object.keys(env.references ?? {}).map(() => "definition")];
}

const inlines = (nodes: readonly Inline[]): string[] =>
  nodes.flatMap((node, at) => {
    if (node.t === "link") return hidden(node.url, plain(node.children), plain(nodes.slice(at + 1)));
    if (node.t === "user" || node.t === "channel" || node.t === "broadcast") return [node.t];
    return "children" in node ? inlines(node.children) : [];
  });

function flows(nodes: readonly Flow[]): string[] {
  return nodes.flatMap((node) => {
    switch (node.t) {
      case "paragraph":
      case "heading":
        return inlines(node.children);
      case "quote":
        return flows(node.children);
      case "list":
        return node.items.flatMap(flows);
      case "table":
        return [node.head, ...node.rows].flat().flatMap(inlines);
      case "pre":
      case "rule":
        return [];
    }
  });
}

/** The local page. */
export const page = (markdown: string): string[] => flows(parseMarkdown(markdown));

/** What any of the readers would not show. */
export const unseen = (markdown: string): string[] => [
  ...micromark(markdown).map((what) => `micromark: ${what}`),
  ...markdownIt(markdown).map((what) => `markdown-it: ${what}`),
  ...page(markdown).map((what) => `page: ${what}`),
];

/** Slack's own signs: they act wherever they stand, in code as well. */
export const pings = (markdown: string): string[] =>
  markdown.match(/<(?!!(?:DOCTYPE\b|--))(?:[!@#]|[a-z][a-z0-9+.-]*:)[^>\n]*>/gi) ?? [];
