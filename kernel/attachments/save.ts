import { safeName } from "../files/paths.ts";
import { sha256 } from "../sha256.ts";
import type { FileTree } from "../files/types.ts";
import { KernelError } from "../errors.ts";

const maxSameName = 50;

/**
 * Where what is made of a file goes. What was dropped into the chat is known in the thread, so its text may lie in
 * thread/; what comes from the person's own places stays theirs.
 */
export const placeFor = (path: string): "thread" | "home" => (/^(?:thread|uploads)\//.test(path) ? "thread" : "home");

/** Saves bytes made of `source`; the same bytes again are the same file, other bytes under its name get a number. */
export async function saveMade(files: FileTree, source: string, ending: string, content: Uint8Array): Promise<string> {
  const stem = safeName(source);
  const hash = await sha256(content);
  for (let n = 1; n <= maxSameName; n++) {
    const path = `${placeFor(source)}/${stem}${n === 1 ? "" : `-${n}`}${ending}`;
    const there = await files.stat(path);
    if (there?.sha256 === hash) return path;
    if (!there) return (await files.write(path, content)).path;
  }
  throw new KernelError(
    "input.invalid",
    `There are ${maxSameName} files made of ${stem} already. Delete some of them first.`,
  );
}
