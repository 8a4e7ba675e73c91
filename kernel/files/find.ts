import { KernelError } from "../errors.ts";
import { globTest } from "./glob.ts";
import { asText } from "./media-type.ts";
import type { FileInfo, FileTree } from "./types.ts";
import { bytesMs, type Work } from "../work.ts";

/** Bounds of one search. */
export const findLimits = {
  maxMatches: 200,
  maxFilesListed: 20_000,
  maxFilesRead: 300,
  maxFileBytes: 1024 * 1024,
  maxBytesRead: 20 * 1024 * 1024,
  maxMatchesPerFile: 5,
  maxExcerptChars: 200,
  maxTextChars: 200,
};

export interface Match {
  path: string;
  line?: number;
  excerpt?: string;
}

/** Characters that are searched in one go; a longer line is longer. */
const stretchChars = 64 * 1024;

/**
 * Lines of a text that contain `wanted`, case ignored. A stretch at a time: what holds nothing is never taken apart, and
 * others get their turn in between.
 */
export async function linesWith(
  text: string,
  wanted: string,
  work: Work,
): Promise<{ line: number; excerpt: string }[]> {
  const needle = wanted.toLowerCase();
  const found: { line: number; excerpt: string }[] = [];
  let before = 0;
  let counted = 0;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from + stretchChars);
    const to = end < 0 ? text.length : end + 1;
    const part = text.slice(from, to);
    await work.spend(bytesMs(part.length));
    if (part.toLowerCase().includes(needle)) {
      before += countOf(text, counted, from);
      counted = from;
      for (const [index, line] of part.split("\n").entries()) {
        const at = line.toLowerCase().indexOf(needle);
        if (at < 0) continue;
        const start = Math.max(0, at - 60);
        found.push({
          line: before + index + 1,
          excerpt: line.slice(start, start + findLimits.maxExcerptChars).trim(),
        });
        if (found.length >= findLimits.maxMatchesPerFile) return found;
      }
    }
    from = to;
  }
  return found;
}

/** Line breaks between two places. */
function countOf(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Goes through the tree a page at a time; stops at the first bound it meets. */
export async function find(
  tree: Pick<FileTree, "list" | "read">,
  query: { glob?: string; text?: string },
  work: Work,
): Promise<Match[]> {
  if (query.text !== undefined && (query.text === "" || query.text.length > findLimits.maxTextChars))
    throw new KernelError("input.invalid", `Text to find has 1–${findLimits.maxTextChars} characters.`);
  const fits = query.glob === undefined ? () => true : globTest(query.glob);
  const matches: Match[] = [];
  let listed = 0;
  let filesRead = 0;
  let bytesRead = 0;

  async function take(info: FileInfo): Promise<void> {
    if (query.text === undefined) {
      matches.push({ path: info.path });
      return;
    }
    if (info.sizeBytes > findLimits.maxFileBytes) return;
    filesRead += 1;
    bytesRead += info.sizeBytes;
    const text = await textOf(tree, info.path);
    if (text === null) return;
    const lines = await linesWith(text, query.text, work);
    matches.push(...lines.map((line) => ({ path: info.path, ...line })));
  }

  let cursor: string | null = "";
  while (cursor !== null && listed < findLimits.maxFilesListed) {
    const page: { files: FileInfo[]; cursor: string | null } = await tree.list("", cursor);
    listed += page.files.length;
    for (const info of page.files) {
      await work.spend(lookMs);
      if (fits(info.path)) await take(info);
      const full = matches.length >= findLimits.maxMatches;
      if (full || filesRead >= findLimits.maxFilesRead || bytesRead >= findLimits.maxBytesRead)
        return matches.slice(0, findLimits.maxMatches);
    }
    cursor = page.cursor;
  }
  return matches;
}

/** A path that is held against a glob. */
const lookMs = 0.02;

/** A file that is gone or changed since it was listed is no reason to end a search; a limit that was hit is. */
async function textOf(tree: Pick<FileTree, "read">, path: string): Promise<string | null> {
  try {
    return asText((await tree.read(path)).bytes);
  } catch (thrown) {
    if (thrown instanceof KernelError && !thrown.code.startsWith("limit.")) return null;
    throw thrown;
  }
}
