import type { IdChars, Objects } from "./objects.ts";
import { type ByteText, isFolder, readTree, type TreeEntry } from "./read-object.ts";

/** One path that is not the same in two trees. Null: it is not there. */
export interface TreeChange {
  path: ByteText;
  old: TreeEntry | null;
  new: TreeEntry | null;
}

/**
 * What differs between two trees, in the order of the paths. Folders of one id are one folder, and are not looked into.
 * @throws KernelError repo.corrupt
 */
export function treeChanges(objects: Objects, from: string | null, to: string, idChars: IdChars): TreeChange[] {
  const read = (id: string | null) =>
    id === null ? new Map<ByteText, TreeEntry>() : readTree(objects.get("tree", id), idChars);
  const changes: TreeChange[] = [];
  const open: { prefix: ByteText; from: string | null; to: string | null }[] = [{ prefix: "", from, to }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.from === next.to) continue;
    const [before, after] = [read(next.from), read(next.to)];
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const [old, now] = [before.get(name) ?? null, after.get(name) ?? null];
      if (old?.id === now?.id && old?.mode === now?.mode) continue;
      const path = `${next.prefix}${name}`;
      const folder = (entry: TreeEntry | null) => (entry !== null && isFolder(entry) ? entry.id : null);
      if (folder(old) !== null || folder(now) !== null)
        open.push({ prefix: `${path}/`, from: folder(old), to: folder(now) });
      const file = (entry: TreeEntry | null) => (entry !== null && !isFolder(entry) ? entry : null);
      if (file(old) !== null || file(now) !== null) changes.push({ path, old: file(old), new: file(now) });
    }
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
