import { upright } from "../../kernel/chat/direction.ts";

/*
 * Every text that goes to Slack passes `escapeText`, `breakTokens`, `oneLine` or `inert`, and so none of its signs turns
 * round what stands beside it.
 */

/** `& < >` as Slack wants them in text that must mean nothing: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const escapeText = (text: string): string =>
  upright(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export const unescapeText = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** `<!channel>`, `<@U1>`, `<#C1>`, `<https://a|b>`: what Slack would act on. */
const token = /<(?=[!@#]|[a-z][a-z0-9+.-]*:)/gi;
/**
 * Breaks Slack's tokens without escaping, for places that show text as it is (code, plain text): an escape would be
 * read there, an invisible joiner is not. `<!DOCTYPE` and `<!--` are no tokens and stay.
 */
export const breakTokens = (text: string): string =>
  upright(text).replace(token, (sign, at: number, whole: string) =>
    /^<!(?:DOCTYPE\b|--)/i.test(whole.slice(at, at + 10)) ? sign : `${sign}\u2060`,
  );

/** One line of plain text, cut at `max` characters. */
export const oneLine = (text: string, max: number): string =>
  clip(upright(text.toWellFormed()).replace(/\s+/g, " ").trim(), max);

/**
 * Text that can be no link of Markdown, whatever it is joined to: for fields that Slack reads as Markdown and that grow
 * bit by bit.
 */
export const unlinked = (text: string): string => text.replace(/\](?=[(:])/g, "]\u2060");

/** At most `max` characters, with an ellipsis when something is gone; never half a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, max - 1);
  return `${/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head}…`;
}

const emphasis = (text: string): string =>
  text
    .replace(/(^|[\s([{>"'.,;:!?-])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s)\]}<"'.,;:!?-])/gm, "$1**$2**")
    .replace(/(^|[\s([{>"'.,;:!?-])~(\S(?:[^~\n]*\S)?)~(?=$|[\s)\]}<"'.,;:!?-])/gm, "$1~~$2~~");

function reference(inner: string): string {
  const bar = inner.indexOf("|");
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? "" : inner.slice(bar + 1);
  if (target.startsWith("@")) return `<${target}>`;
  if (target.startsWith("#")) return label === "" ? `<${target}>` : `#${label}`;
  if (target.startsWith("!")) return label === "" ? `@${target.slice(1).split("^")[0] ?? ""}` : label;
  const url = unescapeText(target);
  const text = unescapeText(label);
  return label === "" ||
    text === url ||
    `https://${text}` === url ||
    `http://${text}` === url ||
    `mailto:${text}` === url
    ? url.replace(/^mailto:/, "")
    : `[${text}](${url})`;
}

/** Slack's mrkdwn as Markdown. Code stays as it was written; mentions of people stay as `<@U…>`. */
export function toMarkdown(mrkdwn: string): string {
  return mrkdwn
    .split(/(```[\s\S]*?```|`[^`\n]+`)/)
    .map((piece, index) => {
      // Slack puts links into code as well: there the address is what was written.
      if (index % 2 === 1) return unescapeText(piece.replace(/<([a-z][a-z0-9+.-]*:[^|>\s]+)(?:\|([^>]*))?>/gi, "$1"));
      return piece
        .split(/(<[^<>\n]+>)/)
        .map((part, at) => (at % 2 === 1 ? reference(part.slice(1, -1)) : emphasis(unescapeText(part))))
        .join("");
    })
    .join("");
}
