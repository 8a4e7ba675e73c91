import { KernelError } from "../../../errors.ts";
import { parseFile } from "../../../files/paths.ts";
import type { ThreadId, UserId } from "../../../ids.ts";
import { limits } from "../../../limits.ts";
import { sha256 } from "../../../sha256.ts";

/*
 * A file's name in the box is its path below /r2, here called `rel`: `home/x`, `uploads/x`, `sites/x` as in the tree, and
 * `threads/<label>/x` for what is `thread/x` in the tree of that thread.
 */
export const ownRoots = ["home", "uploads", "sites"] as const;

/** Short, the same each time, and free of whatever a platform puts into its ids. */
export const threadLabel = async (thread: ThreadId): Promise<string> => (await sha256(thread)).slice(0, 12);

export interface Place {
  /** Null: the person's own files, the same from every thread. */
  thread: ThreadId | null;
  /** In the tree. */
  path: string;
}

/** Where a file of the box belongs; null for what is nobody's: other names in /r2, threads that have not asked. */
export function placeOf(rel: string, threads: ReadonlyMap<string, ThreadId>): Place | null {
  const [root, label, ...rest] = rel.split("/");
  if (ownRoots.some((own) => own === root)) return { thread: null, path: rel };
  const thread = root === "threads" && label !== undefined ? threads.get(label) : undefined;
  return thread && rest.length > 0 ? { thread, path: `thread/${rest.join("/")}` } : null;
}

/** The name in the box of a path of the tree; null when that thread is not in this box. */
export function relOf({ path, thread }: Place, labels: ReadonlyMap<ThreadId, string>): string | null {
  if (thread === null) return path;
  const label = labels.get(thread);
  return label === undefined ? null : `threads/${label}/${path.slice("thread/".length)}`;
}

/** Why a name that stands in the box is none that a tree can have; null when it is one. */
export function nameFault({ path }: Place): string | null {
  if (path.split("/").length > limits.computer.sync.maxDepth)
    return `is deeper than ${limits.computer.sync.maxDepth} folders`;
  // What a name that is not UTF-8 is shown as; by it the file cannot be reached.
  if (path.includes("\ufffd")) return "has a name that is not UTF-8";
  try {
    // A tree's names are in Unicode's NFC: another spelling of one would come back beside it.
    return parseFile(path).path === path ? null : "has letters that are not in Unicode's composed form (NFC)";
  } catch (thrown) {
    if (thrown instanceof KernelError) return "has a name that files here cannot have";
    throw thrown;
  }
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const maxNameBytes = 255;

/**
 * The second name under which a box's version is kept: `notes (from box main).md`, and from the second on with a number.
 * The stem gives way where the name or the path would grow too long.
 */
export function copyName(path: string, box: string, n: number): string {
  const slash = path.lastIndexOf("/") + 1;
  const name = path.slice(slash);
  // A folder so deep that no other name fits into it: the copy stands at the root.
  const folder = bytesOf(path.slice(0, slash)) > limits.files.maxPathBytes - 80 ? path.indexOf("/") + 1 : slash;
  const dot = name.lastIndexOf(".");
  const tail = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : "";
  const mark = ` (from box ${box}${n > 1 ? ` ${n}` : ""})${tail}`;
  const room = Math.min(maxNameBytes, limits.files.maxPathBytes - bytesOf(path.slice(0, folder))) - bytesOf(mark);
  const stem = Array.from(tail ? name.slice(0, dot) : name);
  while (stem.length > 1 && bytesOf(stem.join("")) > room) stem.pop();
  return `${path.slice(0, folder)}${stem.join("").trim()}${mark}`;
}

/** Stands in the history as the writer of what a person's box wrote. */
export const viaBox = (user: UserId, box: string): string => `${user} via computer:${box}`;
