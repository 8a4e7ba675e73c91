import { z } from "zod";

/** One version of a file as it stands in its history. The bytes are in R2 under their hash. */
export const FileVersion = z.object({
  n: z.number().int().positive(),
  sha256: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  mediaType: z.string(),
  /**
   * Who wrote it: a user id; a user id followed by ` via computer:<name>` for what was written in that box of theirs; or
   * `outside` for bytes that came to R2 past the tree.
   */
  author: z.string(),
  at: z.number(),
  thread: z.string().nullable(),
  turn: z.string().nullable(),
  /** True for a removal: there are no bytes of this version. */
  tombstone: z.boolean(),
});
export type FileVersion = z.infer<typeof FileVersion>;

/** What a tree knows beyond the present. */
export interface FileHistory {
  /** The newest versions of a path, newest first, at most `limits.files.maxListed`; empty when there never was a file. */
  versions(path: string): Promise<FileVersion[]>;
  /** The bytes of one version. Throws `file.not_found`. */
  readVersion(path: string, n: number): Promise<Uint8Array>;
}
