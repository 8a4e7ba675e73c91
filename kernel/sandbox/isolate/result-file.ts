import { KernelError } from "../../errors.ts";
import { safeName } from "../../files/paths.ts";
import type { FileTree } from "../../files/types.ts";

export interface ResultFile {
  path: string;
  sizeBytes: number;
  mediaType: string;
}

export interface LargeResult {
  bytes: Uint8Array;
  /** The program's own name for it, or null. */
  name: string | null;
  mediaType: string | null;
}

const endings: Record<string, string> = {
  "application/json": "json",
  "text/csv": "csv",
  "text/plain": "txt",
  "text/html": "html",
  "text/markdown": "md",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/svg+xml": "svg",
  "application/pdf": "pdf",
  "application/zip": "zip",
};
const plainType = /^[\w.+-]+\/[\w.+-]+$/;

/**
 * Where a result goes that is no text for the model: under `home/`, because `thread/` is seen by everybody in the
 * thread, and what a program read is its person's alone. A name that is taken gets a further version.
 */
export function resultPath({ name, mediaType }: Pick<LargeResult, "name" | "mediaType">, run: string): string {
  if (name !== null && name.trim() !== "") return `home/results/${safeName(name)}`;
  const type = mediaType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return `home/results/${run.slice(0, 8)}.${endings[type] ?? "bin"}`;
}

/** Saves a result. Throws what the FileTree throws. */
export async function saveResult(files: FileTree, result: LargeResult, run: string): Promise<ResultFile> {
  if (result.bytes.byteLength === 0) throw new KernelError("file.empty", "The result is empty (0 bytes).");
  const type = result.mediaType?.split(";")[0]?.trim() ?? "";
  const options = plainType.test(type) ? { mediaType: type } : {};
  const { path, sizeBytes, mediaType } = await files.write(resultPath(result, run), result.bytes, options);
  return { path, sizeBytes, mediaType };
}
