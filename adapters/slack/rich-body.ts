import type { KnownBlock, RichTextBlock } from "@slack/types";
import { fencesOf } from "./fences.ts";
import { inert } from "./inert.ts";
import { cellElements } from "./inline.ts";
import { breakTokens, unescapeText } from "./mrkdwn.ts";

type Part = RichTextBlock["elements"][number];

/**
 * Markdown where Slack takes no `markdown` block (Home, modals): lines as rich text, fences as code. Every word of it is
 * shown as it is written; none means anything to Slack.
 */
export function richBody(markdown: string): KnownBlock[] {
  const parts: Part[] = [];
  let lines: string[] = [];
  let code: string[] = [];
  const flush = (): void => {
    if (lines.some((line) => line.trim() !== "")) parts.push(section(lines));
    lines = [];
  };
  const shown = inert(markdown.trim(), { final: true });
  const fences = fencesOf(shown);
  for (const [n, line] of shown.split("\n").entries()) {
    const fence = fences[0];
    if (fence === undefined || n < fence.from) {
      lines.push(line);
      continue;
    }
    if (n === fence.from) {
      flush();
      code = [];
    } else if (!fence.closed || n < fence.to) code.push(line);
    if (n < fence.to) continue;
    parts.push(preformatted(code));
    fences.shift();
  }
  flush();
  return parts.length === 0 ? [] : [{ type: "rich_text", elements: parts }];
}

const section = (lines: readonly string[]): Part => ({
  type: "rich_text_section",
  elements: lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [{ type: "text" as const, text: "\n" }]),
    ...cellElements(line.replace(/^(\s*)[-*+] /, "$1• ")),
  ]),
});

const preformatted = (lines: readonly string[]): Part => ({
  type: "rich_text_preformatted",
  elements: [{ type: "text", text: breakTokens(unescapeText(lines.join("\n"))) || " " }],
});
