import MarkdownIt from "markdown-it";
import { emojiChar } from "./emoji.ts";
import { safeUrl } from "./links.ts";
import { type Align, type Flow, type Inline, text } from "./rich.ts";

/** `html: false`: tags in the source are text. Only addresses written with their scheme become links by themselves. */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

type Token = ReturnType<typeof parser.parse>[number];

/** Markdown (CommonMark, GFM tables and strikethrough), read into the tree. An unclosed fence while streaming is a fence. */
export function parseMarkdown(source: string): Flow[] {
  return flow(parser.parse(source, {}));
}

/** The tokens between the one at `open` and its closing one, and where that stands. */
function inside(tokens: readonly Token[], open: number): [Token[], number] {
  let depth = 0;
  for (let i = open; i < tokens.length; i += 1) {
    depth += tokens[i]?.nesting ?? 0;
    if (depth === 0) return [tokens.slice(open + 1, i), i];
  }
  return [tokens.slice(open + 1), tokens.length];
}

function flow(tokens: readonly Token[]): Flow[] {
  const out: Flow[] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token === undefined) break;
    if (token.nesting === 1) {
      const [inner, end] = inside(tokens, i);
      out.push(...container(token, inner));
      i = end;
    } else if (token.type === "fence" || token.type === "code_block") {
      const language = token.info.trim().split(/\s+/)[0] ?? "";
      out.push({ t: "pre", text: token.content.replace(/\n$/, ""), language });
    } else if (token.type === "hr") {
      out.push({ t: "rule" });
    } else if (token.type === "inline") {
      out.push({ t: "paragraph", children: inline(token.children ?? []) });
    } else if (token.content !== "") {
      out.push({ t: "paragraph", children: [text(token.content)] });
    }
  }
  return out;
}

function container(open: Token, inner: readonly Token[]): Flow[] {
  switch (open.type) {
    case "paragraph_open":
      return [{ t: "paragraph", children: inner.flatMap((t) => inline(t.children ?? [])) }];
    case "heading_open":
      return [
        { t: "heading", level: Number(open.tag.slice(1)), children: inner.flatMap((t) => inline(t.children ?? [])) },
      ];
    case "blockquote_open":
      return [{ t: "quote", children: flow(inner) }];
    case "bullet_list_open":
    case "ordered_list_open": {
      const start = Number(open.attrGet("start") ?? 1);
      const items = pieces(inner, "list_item_open").map((item) => flow(item));
      return [{ t: "list", ordered: open.type === "ordered_list_open", start, indent: 0, items }];
    }
    case "table_open":
      return [table(inner)];
    default:
      return flow(inner);
  }
}

function pieces(tokens: readonly Token[], type: string): Token[][] {
  const out: Token[][] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    if (tokens[i]?.type !== type) continue;
    const [inner, end] = inside(tokens, i);
    out.push(inner);
    i = end;
  }
  return out;
}

function table(tokens: readonly Token[]): Flow {
  const cells = (row: readonly Token[], type: string) =>
    pieces(row, type).map((cell) => cell.flatMap((t) => inline(t.children ?? [])));
  const align = tokens
    .filter((t) => t.type === "th_open")
    .map((t): Align => (/(center|right)/.exec(String(t.attrGet("style") ?? ""))?.[1] as Align | undefined) ?? "left");
  const [first = [], ...rows] = pieces(tokens, "tr_open");
  return { t: "table", align, head: cells(first, "th_open"), rows: rows.map((row) => cells(row, "td_open")) };
}

const wraps: Record<string, "bold" | "italic" | "strike"> = {
  strong_open: "bold",
  em_open: "italic",
  s_open: "strike",
};

function inline(tokens: readonly Token[]): Inline[] {
  const out: Inline[] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token === undefined) break;
    if (token.nesting === 1) {
      const [inner, end] = inside(tokens, i);
      const children = inline(inner);
      const wrap = wraps[token.type];
      const url = token.type === "link_open" ? safeUrl(String(token.attrGet("href") ?? "")) : null;
      if (wrap !== undefined) out.push({ t: wrap, children });
      else if (url !== null) out.push({ t: "link", url, children });
      else out.push(...children);
      i = end;
    } else out.push(...leaf(token));
  }
  return out;
}

function leaf(token: Token): Inline[] {
  switch (token.type) {
    case "softbreak":
    case "hardbreak":
      return [{ t: "break" }];
    case "code_inline":
      return [{ t: "code", text: token.content }];
    case "image": {
      // An image is never fetched for a message: it is named, and the reader may follow the link.
      const url = safeUrl(String(token.attrGet("src") ?? ""));
      const label = [text(`Image: ${token.content === "" ? "untitled" : token.content}`)];
      return url === null ? label : [{ t: "link", url, children: label }];
    }
    default:
      return emojis(token.content);
  }
}

function emojis(source: string): Inline[] {
  return source.split(/(:[a-z0-9_+-]{1,64}:)/).flatMap((part, i): Inline[] => {
    const name = part.slice(1, -1);
    const char = i % 2 === 1 ? emojiChar(name) : null;
    if (char !== null) return [{ t: "emoji", name, char }];
    return part === "" ? [] : [text(part)];
  });
}
