import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import type { Diff } from "./answer.ts";
import { fileDiff } from "./file-diff.ts";
import type { IdChars, Objects } from "./objects.ts";
import { readCommit } from "./read-object.ts";
import { treeChanges } from "./tree-changes.ts";

/** The tree of a commit. */
export const treeOf = (objects: Objects, commit: string): string => readCommit(objects.get("commit", commit)).tree;

/**
 * The diff of two trees, made from objects that were hashed by us: it tells what the ids hold, whatever the box says.
 * @throws KernelError limit.output, repo.corrupt
 */
export async function shownDiff(objects: Objects, from: string | null, to: string, idChars: IdChars): Promise<Diff> {
  const files: Diff["files"] = [];
  let text = "";
  for (const change of treeChanges(objects, from, to, idChars)) {
    for (const { stat, text: more } of fileDiff(objects, change)) {
      files.push(stat);
      text += more;
    }
    if (text.length > limits.repo.maxDiffBytes) throw tooLarge(`The diff is larger than ${inKb}`);
    // Others have a turn between two files.
    await new Promise((resume) => setTimeout(resume, 0));
  }
  return { files, text };
}

const inKb = `${limits.repo.maxDiffBytes / 1024} KB`;

export const tooLarge = (what: string): KernelError =>
  new KernelError(
    "limit.output",
    `${what}, more than a person can look through. Take smaller steps, or leave out what is generated.`,
  );
