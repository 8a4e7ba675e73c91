import type { Dirent, Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { AgentError, errnoOf } from "./errors.ts";
import { agentLimits } from "./limits.ts";
import type { FilesApi } from "./api-types.ts";

export type FileInfo = Awaited<ReturnType<FilesApi["listFiles"]>>["files"][number];

const letters = (mode: number) =>
  [6, 3, 0]
    .map((shift) => ["r", "w", "x"].map((letter, bit) => ((mode >> (shift + 2 - bit)) & 1 ? letter : "-")).join(""))
    .join("");

function describe(root: string, path: string, name: string, stats: Stats): FileInfo {
  const owner = process.getuid?.() === stats.uid ? 6 : process.getgid?.() === stats.gid ? 3 : 0;
  const may = (bit: number) => ((stats.mode >> owner) & bit) !== 0;
  return {
    name,
    absolutePath: path,
    relativePath: relative(root, path),
    type: stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "symlink" : "other",
    size: stats.size,
    modifiedAt: stats.mtime.toISOString(),
    mode: letters(stats.mode),
    permissions: { readable: may(4), writable: may(2), executable: may(1) },
  };
}

/**
 * What is in a folder; links are listed and not followed.
 * @throws AgentError TOO_MANY_FILES rather than leave any out: a list that lacks files would read as "deleted"
 */
export async function listFolder(root: string, recursive: boolean, hidden: boolean): Promise<FileInfo[]> {
  const found: FileInfo[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const shown = (await entries(folder, folder === root)).filter(({ name }) => hidden || !name.startsWith("."));
    for (const { name, path, stats } of await statsOf(folder, shown)) {
      if (found.length >= agentLimits.maxListed) {
        throw new AgentError("TOO_MANY_FILES", `More than ${agentLimits.maxListed} files below ${root}`, {
          path: root,
        });
      }
      found.push(describe(root, path, name, stats));
      if (recursive && stats.isDirectory()) folders.push(path);
    }
  }
  return found.sort((one, other) => (one.relativePath < other.relativePath ? -1 : 1));
}

/** So many at once: one after the other waits for the system each time, which a folder of hundreds would feel. */
const together = 64;

async function statsOf(folder: string, shown: readonly Dirent[]) {
  const found: { name: string; path: string; stats: Stats }[] = [];
  for (let at = 0; at < shown.length; at += together) {
    const some = shown.slice(at, at + together).map(async ({ name }) => {
      const path = join(folder, name);
      // One that went away meanwhile is not there.
      const stats = await lstat(path).catch(() => null);
      return stats === null ? [] : [{ name, path, stats }];
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

/** A folder that went away, or is closed to us, while its parent was read has nothing in it; the root must be there. */
async function entries(folder: string, isRoot: boolean): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    if (!isRoot && ["ENOENT", "EACCES", "ENOTDIR"].includes(errnoOf(thrown))) return [];
    throw thrown;
  }
}
