import type { KnownBlock, RichTextBlock, RichTextSection } from "@slack/types";
import { richBody } from "./rich-body.ts";

type Part = RichTextBlock["elements"][number];
type Element = RichTextSection["elements"][number];

/** As `richBody` leaves it: the invisible joiner keeps it from meaning anything. */
const mention = /<\u2060?@([UW][A-Z0-9]{2,31})>/g;

function withNames(element: Element): Element[] {
  if (element.type !== "text" || element.style?.code) return [element];
  const { text } = element;
  const out: Element[] = [];
  let at = 0;
  for (const found of text.matchAll(mention)) {
    if (found.index > at) out.push({ ...element, text: text.slice(at, found.index) });
    out.push({ type: "user", user_id: found[1] ?? "" });
    at = found.index + found[0].length;
  }
  if (at < text.length) out.push({ ...element, text: text.slice(at) });
  return out;
}

const named = (part: Part): Part =>
  part.type === "rich_text_section" ? { ...part, elements: part.elements.flatMap(withNames) } : part;

/** What a person wrote, shown in a form: people by their names, which calls nobody there; all else as it is written. */
export const quotedBody = (markdown: string): KnownBlock[] =>
  richBody(markdown).map((block) =>
    block.type === "rich_text" ? { ...block, elements: block.elements.map(named) } : block,
  );
