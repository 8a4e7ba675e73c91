import { corrupt, type Objects } from "./objects.ts";
import { readCommit } from "./read-object.ts";

export interface Range {
  /** The commits that the remote has not, from the newest on. */
  commits: { id: string; subject: string }[];
  /** Commits of the remote that they stand on. */
  meets: Set<string>;
}

/** `start` and all that come before it, as far as they are there; those that are not are in it by their id. */
function before(objects: Objects, start: string): Set<string> {
  const reached = new Set([start]);
  for (const id of reached)
    if (objects.has("commit", id))
      for (const parent of readCommit(objects.get("commit", id)).parents) reached.add(parent);
  return reached;
}

/**
 * What a push of `head` brings to a remote that has `there`, told by the commits themselves. One that is in between and
 * was not given, or does not lead to what the remote has, is an error: nothing is left out.
 * @throws KernelError repo.corrupt
 */
export function outgoingRange(objects: Objects, head: string, there: string | null): Range {
  const theirs = there === null ? new Set<string>() : before(objects, there);
  const commits: Range["commits"] = [];
  const meets = new Set<string>();
  const reached = new Set([head]);
  for (const id of reached) {
    if (theirs.has(id)) {
      meets.add(id);
      continue;
    }
    const { parents, subject } = readCommit(objects.get("commit", id));
    commits.push({ id, subject });
    for (const parent of parents) reached.add(parent);
  }
  if (there !== null && meets.size === 0) throw corrupt("Its commits do not lead to what the remote has.");
  return { commits, meets };
}
