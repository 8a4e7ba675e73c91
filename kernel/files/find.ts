import { KernelError } from "../errors.ts";
import { globTest } from "./glob.ts";
import { asText } from "./media-type.ts";
import type { FileInfo, FileTree } from "./types.ts";

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

/** Lines of a text that contain `wanted`, case ignored. */
export function linesWith(text: string, wanted: string): { line: number; excerpt: string }[] {
  const needle = wanted.toLowerCase();
  const found: { line: number; excerpt: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const at = line.toLowerCase().indexOf(needle);
    if (at < 0) continue;
    const from = Math.max(0, at - 60);
    found.push({ line: index + 1, excerpt: line.slice(from, from + findLimits.maxExcerptChars).trim() });
    if (found.length >= findLimits.maxMatchesPerFile) break;
  }
  return found;
}

/** Goes through the tree a page at a time; stops at the first bound it meets. */
export async function find(tree: FileTree, query: { glob?: string; text?: string }): Promise<Match[]> {
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
    if (text !== null) matches.push(...linesWith(text, query.text).map((line) => ({ path: info.path, ...line })));
  }

  let cursor: string | null = "";
  while (cursor !== null && listed < findLimits.maxFilesListed) {
    const page: { files: FileInfo[]; cursor: string | null } = await tree.list("", cursor);
    listed += page.files.length;
    for (const info of page.files) {
      if (fits(info.path)) await take(info);
      const full = matches.length >= findLimits.maxMatches;
      if (full || filesRead >= findLimits.maxFilesRead || bytesRead >= findLimits.maxBytesRead)
        return matches.slice(0, findLimits.maxMatches);
    }
    cursor = page.cursor;
  }
  return matches;
}

/** A file that is gone or changed since it was listed is no reason to end a search. */
async function textOf(tree: FileTree, path: string): Promise<string | null> {
  try {
    return asText((await tree.read(path)).bytes);
  } catch (thrown) {
    if (thrown instanceof KernelError) return null;
    throw thrown;
  }
}
