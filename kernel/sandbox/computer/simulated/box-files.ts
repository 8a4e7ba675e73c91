import { KernelError } from "../../../errors.ts";
import type { FileTree } from "../../../files/types.ts";
import { limits } from "../../../limits.ts";
import { isPlain } from "./check-tree.ts";
import { isKept, type KeptEntry, keptRoots } from "./tree.ts";

/** A path in the box: of the person's files (as the FileTree names it) or of the box's own disk. */
export type Place = { in: "person"; path: string } | { in: "box"; path: string };

/** @throws KernelError path.invalid for what is not absolute, not plain or in no folder that a simulated box has. */
export function placeOf(given: string): Place {
  const path = given.length > 1 && given.endsWith("/") ? given.slice(0, -1) : given;
  if (path.length > 4096 || !isPlain(path))
    throw new KernelError(
      "path.invalid",
      'A path in the computer starts with a slash and has no empty, "." or ".." parts.',
    );
  if (path === "/r2" || path.startsWith("/r2/")) return { in: "person", path: path.slice(4) };
  if (isKept(path)) return { in: "box", path };
  throw new KernelError("path.invalid", `A simulated shell has files in ${keptRoots.join(", ")} and /r2 only.`);
}

export interface Listed {
  path: string;
  sizeBytes: number;
  changedAt: number;
}

/** The person's files below a folder, with the box's names for them. */
export async function listPerson(files: FileTree, folder: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let cursor: string | undefined;
  do {
    const page = await files.list(folder, cursor);
    for (const file of page.files)
      found.push({ path: `/r2/${file.path}`, sizeBytes: file.sizeBytes, changedAt: file.updatedAt });
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined && found.length < limits.computer.simulated.maxSeen);
  return found;
}

export const listBox = (entries: readonly KeptEntry[], folder: string): Listed[] =>
  entries.flatMap((entry) =>
    entry.kind === "file" && (entry.path === folder || entry.path.startsWith(`${folder}/`))
      ? [{ path: entry.path, sizeBytes: entry.bytes.byteLength, changedAt: entry.changedAt }]
      : [],
  );

/** With the file in place of what was there, and the folders above it. @throws KernelError path.invalid */
export function withFile(entries: readonly KeptEntry[], path: string, bytes: Uint8Array, now: number): KeptEntry[] {
  const parts = path.split("/");
  const above = parts.slice(0, -1).map((_, end) => parts.slice(0, end + 1).join("/"));
  const there = entries.find((entry) => entry.path === path);
  if ((keptRoots as readonly string[]).includes(path) || there?.kind === "folder")
    throw new KernelError("path.invalid", `${path} is a folder.`);
  if (entries.some((entry) => entry.kind !== "folder" && above.includes(entry.path)))
    throw new KernelError("path.invalid", `A part of the path ${path} is a file and not a folder.`);
  const known = new Set(entries.map((entry) => entry.path));
  const folders = above
    .filter((folder) => isKept(folder) && !(keptRoots as readonly string[]).includes(folder) && !known.has(folder))
    .map((folder): KeptEntry => ({ kind: "folder", path: folder, mode: 0o755, changedAt: 0 }));
  const mode = there?.kind === "file" ? there.mode : 0o644;
  return [
    ...entries.filter((entry) => entry.path !== path),
    ...folders,
    { kind: "file", path, mode, changedAt: now, bytes },
  ];
}

export const without = (entries: readonly KeptEntry[], path: string): KeptEntry[] =>
  entries.filter((entry) => entry.path !== path && !entry.path.startsWith(`${path}/`));
