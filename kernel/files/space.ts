import type { Clock } from "../clock.ts";
import { KernelError } from "../errors.ts";
import type { ThreadId, TurnId, UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { FileVersion } from "./history.ts";
import type { TreePath } from "./paths.ts";
import type { FileInfo, FileRead } from "./types.ts";

/** Who acts, from where: written into every version. */
export interface Actor {
  user: UserId;
  thread: ThreadId;
  /** Who wrote it; the user, unless something else did it for them. */
  author: string;
  turn: TurnId | null;
  now: Clock;
}

export interface SpaceWrite {
  bytes: Uint8Array;
  mediaType: string;
  /** The etag that must still stand; `null`: there must be no file; absent: whatever is there. */
  basedOn?: string | null;
}

/** One part of a tree: a person's own files, or those of a thread. Paths were checked before they come here. */
export interface Space {
  stat(at: TreePath): Promise<FileInfo | null>;
  read(at: TreePath, range?: { offset: number; length: number }): Promise<FileRead>;
  write(at: TreePath, write: SpaceWrite): Promise<FileInfo>;
  remove(at: TreePath, basedOn?: string): Promise<FileInfo>;
  /** Files at or below a path that come after `after`, by path; at most `limit`. */
  list(within: TreePath, after: string, limit: number): Promise<FileInfo[]>;
  versions(at: TreePath): Promise<FileVersion[]>;
  content(sha256: string): Promise<Uint8Array | null>;
}

/** How often a write that nobody pinned goes again after losing a race. */
export const maxRaces = 5;

export const notFound = (path: string): KernelError =>
  new KernelError("file.not_found", `There is no file ${path}. list_files shows what is there.`);

export const changed = (path: string): KernelError =>
  new KernelError(
    "file.changed",
    `${path} has changed since it was read. Read it again and repeat the change on what it says now.`,
  );

export const tooLarge = (path: string, sizeBytes: number): KernelError =>
  new KernelError("file.too_large", `${path} has ${sizeBytes} bytes; the most is ${limits.files.maxBytes} (25 MB).`);

/** The bytes of a range that lies inside the file; R2 itself throws for one that does not. */
export function clampRange(sizeBytes: number, range: { offset: number; length: number }) {
  const offset = Math.min(Math.max(0, Math.trunc(range.offset)), sizeBytes);
  const length = Math.min(Math.max(0, Math.trunc(range.length)), sizeBytes - offset, limits.files.maxBytes);
  return { offset, length };
}

/** Refuses a write on the wrong base. */
export function checkBase(path: string, now: { etag: string } | null, basedOn: string | null | undefined): void {
  if (basedOn === undefined) return;
  if (basedOn === null) {
    if (now)
      throw new KernelError(
        "file.changed",
        `There is a file at ${path} already. Choose another name or delete that one first.`,
      );
  } else if (now?.etag !== basedOn) throw changed(path);
}

/** What a put asks of the object that is there now. */
export const unlessMoved = (now: { etag: string } | null): R2Conditional =>
  now ? { etagMatches: now.etag } : { etagDoesNotMatch: "*" };
