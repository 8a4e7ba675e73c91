import { emojiChar } from "./emoji.ts";
import { safeUrl } from "./links.ts";
import { type Inline, text } from "./rich.ts";

/** Marks may nest this deep; further ones stay text. Also the farthest a closing mark is looked for, in characters. */
const maxDepth = 6;
const maxReach = 4_000;
const marks = { "*": "bold", _: "italic", "~": "strike" } as const;

/** Undoes Slack's three escapes, each once. */
export const unescape = (value: string): string =>
  value.replace(/&(amp|lt|gt);/g, (_, name: string) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));

const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);
const isSpace = (char: string | undefined): boolean => char === undefined || /\s/.test(char);

/** One line or more of mrkdwn without block marks. */
export function parseInline(source: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let pending = "";
  const flush = () => {
    if (pending !== "") out.push(text(unescape(pending)));
    pending = "";
  };
  let i = 0;
  while (i < source.length) {
    const found = at(source, i, depth);
    if (found === null) {
      pending += source[i];
      i += 1;
      continue;
    }
    flush();
    out.push(...found.nodes);
    i += found.length;
  }
  flush();
  return out;
}

interface Found {
  nodes: Inline[];
  length: number;
}

function at(source: string, i: number, depth: number): Found | null {
  switch (source[i]) {
    case "\n":
      return { nodes: [{ t: "break" }], length: 1 };
    case "<":
      return reference(source, i);
    case "`":
      return code(source, i);
    case ":":
      return emoji(source, i);
    case "*":
    case "_":
    case "~":
      return depth >= maxDepth ? null : marked(source, i, depth);
    default:
      return null;
  }
}

function code(source: string, i: number): Found | null {
  const end = source.indexOf("`", i + 1);
  const inner = source.slice(i + 1, end);
  if (end < 0 || inner === "" || inner.includes("\n")) return null;
  return { nodes: [{ t: "code", text: unescape(inner) }], length: end + 1 - i };
}

function emoji(source: string, i: number): Found | null {
  const match = /^:([a-z0-9_+-]{1,64}):(?::skin-tone-\d:)?/.exec(source.slice(i, i + 90));
  const char = match === null ? null : emojiChar(match[1] ?? "");
  if (match === null || char === null) return null;
  return { nodes: [{ t: "emoji", name: match[1] ?? "", char }], length: match[0].length };
}

/** `*bold*`: the mark must touch the text inside and no letter outside, on one line. */
function marked(source: string, i: number, depth: number): Found | null {
  const mark = source[i] as keyof typeof marks;
  if (isWord(source[i - 1]) || isSpace(source[i + 1]) || source[i + 1] === mark) return null;
  const stop = Math.min(source.length, i + maxReach);
  for (let end = i + 2; end < stop && source[end] !== "\n"; end += 1) {
    if (source[end] !== mark || isSpace(source[end - 1]) || isWord(source[end + 1])) continue;
    const children = parseInline(source.slice(i + 1, end), depth + 1);
    return { nodes: [{ t: marks[mark], children }], length: end + 1 - i };
  }
  return null;
}

/** `<url|label>`, `<@U…>`, `<#C…|name>`, `<!here>`, `<!date^…>`. What is none of them stays as it was written. */
function reference(source: string, i: number): Found | null {
  const end = source.indexOf(">", i + 1);
  if (end < 0 || end - i > maxReach) return null;
  const inner = source.slice(i + 1, end);
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inner.slice(bar + 1));
  const node = resolve(target, label);
  return node === null ? null : { nodes: [node], length: end + 1 - i };
}

function resolve(target: string, label: string): Inline | null {
  const id = target.slice(1);
  if (target.startsWith("@")) return /^[A-Z0-9]+$/.test(id) ? { t: "user", id, label } : null;
  if (target.startsWith("#")) return /^[A-Z0-9]+$/.test(id) ? { t: "channel", id, label } : null;
  if (target.startsWith("!date^")) return date(id, label);
  if (/^!(channel|here|everyone)$/.test(target)) return { t: "broadcast", range: id };
  if (target.startsWith("!subteam^")) return { t: "broadcast", range: label.replace(/^@/, "") || "group" };
  const raw = unescape(target);
  const url = safeUrl(raw);
  if (url !== null) return { t: "link", url, children: [text(label === "" ? raw.replace(/^mailto:/, "") : label)] };
  // A refused scheme keeps its label as plain text and leads nowhere.
  return /^[a-z][a-z0-9+.-]*:/i.test(raw) ? text(label === "" ? raw : label) : null;
}

function date(spec: string, fallback: string): Inline | null {
  const [, seconds = "", format = "", url = ""] = spec.split("^");
  if (!/^-?\d{1,11}$/.test(seconds) || format === "") return null;
  return { t: "date", seconds: Number(seconds), format, url: safeUrl(unescape(url)), fallback };
}
