import { z } from "zod";

/** One file of a tree. `path` starts with a known prefix: `home/ uploads/ sites/ thread/`. */
export const FileInfo = z.object({
  path: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  mediaType: z.string(),
  /** Hex SHA-256 of the bytes. */
  sha256: z.string(),
  /** Counts from 1 for each path. */
  version: z.number().int().positive(),
  etag: z.string(),
  updatedAt: z.number(),
});
export type FileInfo = z.infer<typeof FileInfo>;

export interface FileRead {
  info: FileInfo;
  bytes: Uint8Array;
}

export interface WriteOptions {
  mediaType?: string;
  /**
   * The etag this write is based on. When the file has moved on: `file.changed`. `null`: there must be no file yet.
   * Absent: the newest, whichever it is.
   */
  basedOn?: string | null;
}

/**
 * The files one person sees from one thread. Every path is checked before R2 is touched; every method throws
 * KernelError (`path.invalid`, `file.not_found`, `file.too_large`, `file.changed`).
 */
export interface FileTree {
  read(path: string, range?: { offset: number; length: number }): Promise<FileRead>;
  /** Null when there is none. */
  stat(path: string): Promise<FileInfo | null>;
  write(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<FileInfo>;
  /** Files below a folder (or the file itself), by path, at most `limits.files.maxListed`; `cursor` goes on from there. */
  list(folder: string, cursor?: string): Promise<{ files: FileInfo[]; cursor: string | null }>;
  /** Files whose path matches a glob (`**`, `*`, `?`) and, when given, whose text contains `text`. */
  find(query: { glob?: string; text?: string }): Promise<{ path: string; line?: number; excerpt?: string }[]>;
  /** The bytes stay as a version. With `basedOn`: only if the file is still that one, else `file.changed`. */
  remove(path: string, options?: { basedOn?: string }): Promise<FileInfo>;
  /** Never onto a file that is there: `file.changed`. */
  move(from: string, to: string): Promise<FileInfo>;
}
