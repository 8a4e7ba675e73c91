import { checkList, checkString } from "./block-elements.ts";
import { isFields, type Fields } from "./json.ts";
import type { Problems } from "./problems.ts";

/* https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const inline: Record<string, readonly string[]> = {
  text: ["text"],
  link: ["url"],
  user: ["user_id"],
  channel: ["channel_id"],
  usergroup: ["usergroup_id"],
  emoji: ["name"],
  broadcast: ["range"],
  color: ["value"],
  date: ["timestamp", "format"],
  team: ["team_id"],
};

function checkInline(element: Fields, at: string, problems: Problems): void {
  const needs = inline[String(element.type)];
  if (needs === undefined) return problems.add(`${at}/type`, `unsupported type: ${String(element.type)}`);
  for (const key of needs) {
    if (key === "timestamp") {
      if (typeof element[key] !== "number") problems.add(`${at}/${key}`, "must be a number");
    } else checkString(element[key], `${at}/${key}`, 40_000, problems);
  }
  if (element.style !== undefined && !isFields(element.style)) problems.add(`${at}/style`, "must be an object");
}

function checkPart(part: Fields, at: string, problems: Problems): void {
  const type = String(part.type);
  if (!["rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"].includes(type)) {
    return problems.add(`${at}/type`, `unsupported type: ${type}`);
  }
  const elements = checkList(part.elements, `${at}/elements`, 2_000, problems, 0);
  if (type === "rich_text_list" && !["bullet", "ordered"].includes(String(part.style))) {
    problems.add(`${at}/style`, "must be one of: bullet, ordered");
  }
  elements.forEach((element, index) => {
    const inner = `${at}/elements/${index}`;
    if (type !== "rich_text_list") return checkInline(element, inner, problems);
    if (element.type !== "rich_text_section") return problems.add(`${inner}/type`, "must be rich_text_section");
    checkPart(element, inner, problems);
  });
}

export function checkRichText(block: Fields, at: string, problems: Problems): void {
  const parts = checkList(block.elements, `${at}/elements`, 500, problems, 0);
  parts.forEach((part, index) => checkPart(part, `${at}/elements/${index}`, problems));
}

/** All text of it, for the limits that count characters. */
export function richTextChars(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + richTextChars(item), 0);
  if (!isFields(value)) return 0;
  const own = typeof value.text === "string" ? value.text.length : 0;
  return own + (Array.isArray(value.elements) ? richTextChars(value.elements) : 0);
}
