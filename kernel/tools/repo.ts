import { z } from "zod";
import type { ThreadEvent } from "../events/types.ts";
import { limits } from "../limits.ts";
import type { Diff } from "../sandbox/computer/repos/answer.ts";
import { RepoName } from "../sandbox/computer/repos/names.ts";
import { Repos } from "../sandbox/computer/repos/repos.ts";
import type { BoxName } from "../sandbox/computer/types.ts";
import { sha256 } from "../sha256.ts";
import { cutAtLine, diffBlock, diffSums, fileLines } from "./diff-words.ts";
import type { ToolContext, ToolResult } from "./types.ts";
import { visible } from "./words.ts";

/* What the repo tools share. */

export const repoInput = RepoName.describe("The repo's name, as repo_open gave it.");

/** The commit and tree that a card showed. */
export const PinnedTree = z.object({ head: z.string(), tree: z.string() });

export async function reposOf(box: BoxName, ctx: ToolContext): Promise<Repos> {
  return new Repos({
    box: await ctx.computers.box(box),
    thread: ctx.thread,
    signal: ctx.signal,
    progress: (line) => ctx.progress(line),
    now: () => ctx.now(),
  });
}

/**
 * The diff for a card: all of it, or its head with the whole in a file of the thread, so that everyone who sees the card
 * can read all of what it is about.
 */
export async function diffCard(
  repo: string,
  diff: Diff,
  ctx: ToolContext,
): Promise<{ text: string; path: string | null; events: ThreadEvent[] }> {
  const { maxShownChars } = limits.repo;
  const text = visible(diff.text);
  if (text.length <= maxShownChars) return { text, path: null, events: [] };
  const tag = (await sha256(text)).slice(0, 8);
  const info = await ctx.files.write(`thread/diffs/${repo}-${tag}.diff`, text, { mediaType: "text/x-diff" });
  const name = info.path.slice(info.path.lastIndexOf("/") + 1);
  // Whoever writes in this thread, a box among them, could put another diff in its place before it is shown.
  const { path, mediaType, sizeBytes, sha256: hash } = info;
  const events: ThreadEvent[] = [
    { type: "file.posted", path, name, mediaType, sizeBytes, sha256: hash, comment: `The whole diff of ${repo}.` },
  ];
  return { text: cutAtLine(text, maxShownChars), path, events };
}

/** A diff as Markdown for a card that asks, with what has to stand in the thread before it. */
export async function diffBody(
  repo: string,
  diff: Diff,
  ctx: ToolContext,
): Promise<{ body: string; events: ThreadEvent[] }> {
  const { text, path, events } = await diffCard(repo, diff, ctx);
  const rest = path === null ? [] : ["The diff goes on; all of it is in the file above."];
  return { body: [`${diffSums(diff.files)}:`, fileLines(diff.files), diffBlock(text), ...rest].join("\n\n"), events };
}

/** A result with the time that git took in the computer. */
export async function timed(work: () => Promise<ToolResult>): Promise<ToolResult> {
  const from = performance.now();
  const result = await work();
  return { ...result, sandbox: { tier: "computer", ms: performance.now() - from, why: "git needs a real computer" } };
}
