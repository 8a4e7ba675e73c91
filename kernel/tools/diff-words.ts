import type { FileStat } from "../sandbox/computer/repos/answer.ts";
import { limits } from "../limits.ts";
import { code, counted, visible } from "./words.ts";

const sum = (files: readonly FileStat[], side: "added" | "removed") =>
  files.reduce((total, file) => total + (file[side] ?? 0), 0);

/** "3 files, 12 lines added, 4 removed". */
export const diffSums = (files: readonly FileStat[]): string =>
  files.length === 0
    ? "no changes"
    : `${counted(files.length, "file")}, ${counted(sum(files, "added"), "line")} added, ${sum(files, "removed")} removed`;

/** Whole lines of a text up to a number of characters. */
export function cutAtLine(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return text.slice(0, text.lastIndexOf("\n", maxChars) + 1);
}

/** Text as a block of Markdown; its fence is longer than any in the text, so that nothing in it ends the block, and nothing in it is unseen. */
export function textBlock(text: string, language = ""): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${visible(text).replace(/\n?$/, "\n")}${fence}`;
}

export const diffBlock = (text: string): string => textBlock(text, "diff");

/** Files with their lines, for a card. */
export function fileLines(files: readonly FileStat[]): string {
  const shown = files.slice(0, limits.repo.maxShownFiles);
  const lines = shown.map(({ path, added, removed }) =>
    added === null ? `- ${code(path)} — binary` : `- ${code(path)} — +${added} −${removed ?? 0}`,
  );
  const rest = files.length - shown.length;
  return [...lines, ...(rest > 0 ? [`- … and ${counted(rest, "file")} more`] : [])].join("\n");
}
