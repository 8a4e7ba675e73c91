import { InMemoryFs } from "just-bash/browser";
import { entriesOf, isKept, type KeptEntry, keptRoots, packTree, type Row, tableOf } from "../tree.ts";

/** The box's own disk, as it was left. */
export async function openKept(packed: Uint8Array, maxTotalBytes: number): Promise<InMemoryFs> {
  const disk = new InMemoryFs({}, { maxTotalBytes });
  for (const root of keptRoots) disk.mkdirSync(root, { recursive: true });
  if (packed.byteLength === 0) return disk;
  const { rows, bodiesAt } = tableOf(packed);
  for (const entry of entriesOf(packed, rows as Row[], bodiesAt)) {
    if (entry.kind === "folder") {
      disk.mkdirSync(entry.path, { recursive: true });
      if (entry.mode !== 0o755) await disk.chmod(entry.path, entry.mode);
    } else if (entry.kind === "link") await disk.symlink(entry.target, entry.path);
    else {
      // Its own bytes: what the tree arrived in is not held by one small file of it.
      const own = entry.bytes.slice();
      disk.writeFileSync(entry.path, own, undefined, { mode: entry.mode, mtime: new Date(entry.changedAt) });
    }
  }
  return disk;
}

/** What of the disk is kept, as bytes. */
export async function packKept(disk: InMemoryFs): Promise<Uint8Array> {
  const entries: KeptEntry[] = [];
  for (const path of disk.getAllPaths()) {
    if (!isKept(path) || (keptRoots as readonly string[]).includes(path)) continue;
    const { isFile, isSymbolicLink, mode, mtime } = await disk.lstat(path);
    if (isSymbolicLink) entries.push({ kind: "link", path, target: await disk.readlink(path) });
    else if (!isFile) entries.push({ kind: "folder", path, mode: mode & 0o7777, changedAt: 0 });
    else {
      const bytes = await disk.readFileBuffer(path);
      entries.push({ kind: "file", path, mode: mode & 0o7777, changedAt: mtime.getTime(), bytes });
    }
  }
  return packTree(entries);
}
