import { flag, list, number, record, str, type Json } from "./json.ts";
import { emojiChar, emojiFromCodes } from "./emoji.ts";
import { safeUrl } from "./links.ts";
import { type Flow, type Inline, lines, text } from "./rich.ts";

/** A rich_text block, read into the tree. An element of a kind not known here is shown by its text, else by its name. */
export function parseRichText(block: Json): Flow[] {
  return list(block, "elements").flatMap((element) => part(record(element)));
}

function part(element: Json): Flow[] {
  switch (str(element, "type")) {
    case "rich_text_section":
      return [{ t: "paragraph", children: inlines(element) }];
    case "rich_text_preformatted": {
      const value = list(element, "elements").map((e) => str(record(e), "text") || str(record(e), "url"));
      return [{ t: "pre", text: value.join(""), language: str(element, "language") }];
    }
    case "rich_text_quote":
      return [{ t: "quote", children: [{ t: "paragraph", children: inlines(element) }] }];
    case "rich_text_list": {
      const items = list(element, "elements").map((item) => part(record(item)));
      const ordered = str(element, "style") === "ordered";
      const indent = Math.min(8, Math.max(0, number(element, "indent") ?? 0));
      return [{ t: "list", ordered, start: (number(element, "offset") ?? 0) + 1, indent, items }];
    }
    default:
      return [{ t: "paragraph", children: inline(element) }];
  }
}

const inlines = (element: Json): Inline[] => list(element, "elements").flatMap((e) => inline(record(e)));

function inline(element: Json): Inline[] {
  const style = record(element["style"]);
  let nodes = bare(element, flag(style, "code"));
  if (flag(style, "strike")) nodes = [{ t: "strike", children: nodes }];
  if (flag(style, "italic")) nodes = [{ t: "italic", children: nodes }];
  if (flag(style, "bold")) nodes = [{ t: "bold", children: nodes }];
  return nodes;
}

function bare(element: Json, code: boolean): Inline[] {
  const value = str(element, "text");
  const type = str(element, "type");
  switch (type) {
    case "text":
      return code ? [{ t: "code", text: value }] : lines(value);
    case "link": {
      const url = safeUrl(str(element, "url"));
      const label = value || str(element, "url");
      return url === null
        ? [text(label)]
        : [{ t: "link", url, children: [code ? { t: "code", text: label } : text(label)] }];
    }
    case "user":
      return [{ t: "user", id: str(element, "user_id"), label: "" }];
    case "channel":
      return [{ t: "channel", id: str(element, "channel_id"), label: "" }];
    case "usergroup":
      return [{ t: "broadcast", range: str(element, "usergroup_id") }];
    case "broadcast":
      return [{ t: "broadcast", range: str(element, "range") }];
    case "emoji": {
      const name = str(element, "name");
      const char = emojiFromCodes(str(element, "unicode")) ?? emojiChar(name);
      return char === null ? [text(`:${name}:`)] : [{ t: "emoji", name, char }];
    }
    case "date": {
      const seconds = number(element, "timestamp") ?? 0;
      const format = str(element, "format") || "{date_short_pretty} {time}";
      return [{ t: "date", seconds, format, url: safeUrl(str(element, "url")), fallback: str(element, "fallback") }];
    }
    case "color":
      return [{ t: "code", text: str(element, "value") }];
    default:
      return [text(value || `[${type || "unknown"}]`)];
  }
}
