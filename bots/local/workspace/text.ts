import type { Fields } from "./json.ts";
import { people } from "./seed.ts";

/** Slack's three escapes; everything else is literal. https://docs.slack.dev/messaging/formatting-message-text */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
export const unescapeText = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const names = people.flatMap((person) => [person.realName, person.name]).join("|");
/** A link ends before what closes the code or the sentence around it. */
const token = new RegExp(
  `<@([UW][A-Z0-9]+)>|(?<![\\w.])@(${names})\\b|(https?://[^\\s<>|\`]*[^\\s<>|\`.,;:!?'")\\]])`,
  "gi",
);

/**
 * What a person typed, as Slack stores it: escaped, with `@Name` as `<@U…>` and links in angle brackets. A mention that
 * the page has already written as `<@U…>` stays one when that person exists.
 */
export function storeTyped(typed: string): string {
  let out = "";
  let at = 0;
  for (const match of typed.matchAll(token)) {
    const [whole, id, name, url] = match;
    const person = people.find((p) =>
      id === undefined
        ? name !== undefined && [p.name, p.realName.toLowerCase()].includes(name.toLowerCase())
        : p.id === id,
    );
    out += escapeText(typed.slice(at, match.index));
    if (url !== undefined) out += `<${escapeText(url)}>`;
    else out += person === undefined ? escapeText(whole) : `<@${person.id}>`;
    at = match.index + whole.length;
  }
  return out + escapeText(typed.slice(at));
}

export const mentions = (stored: string, user: string): boolean => stored.includes(`<@${user}>`);

/** The `rich_text` block with which Slack's own composer sends a person's text. */
export function typedBlocks(stored: string): unknown[] {
  const elements: Fields[] = [];
  let at = 0;
  const literal = (text: string) => {
    if (text !== "") elements.push({ type: "text", text: unescapeText(text) });
  };
  for (const match of stored.matchAll(/<@([UW][A-Z0-9]+)>|<(https?:[^>|]+)>/g)) {
    literal(stored.slice(at, match.index));
    if (match[1] === undefined) elements.push({ type: "link", url: unescapeText(match[2] ?? "") });
    else elements.push({ type: "user", user_id: match[1] });
    at = match.index + match[0].length;
  }
  literal(stored.slice(at));
  if (elements.length === 0) return [];
  return [{ type: "rich_text", block_id: "typed", elements: [{ type: "rich_text_section", elements }] }];
}
