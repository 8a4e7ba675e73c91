import { KernelError } from "../errors.ts";
import { safeName } from "../files/paths.ts";
import type { FileTree } from "../files/types.ts";

/** `report.pdf`, `report-2.pdf`, … */
export function numbered(name: string, n: number): string {
  if (n === 1) return name;
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, dot)}-${n}${name.slice(dot)}` : `${name}-${n}`;
}

const maxSameName = 50;

/**
 * Saves an upload under `uploads/`. The same bytes under the same name are the same file; other bytes get a number, so
 * that nothing a person dropped replaces what they dropped before.
 */
export async function saveUpload(
  files: FileTree,
  name: string,
  mediaType: string,
  bytes: Uint8Array,
  sha256: string,
): Promise<string> {
  const plain = safeName(name);
  for (let n = 1; n <= maxSameName; n += 1) {
    const path = `uploads/${numbered(plain, n)}`;
    const there = await files.stat(path);
    if (there?.sha256 === sha256) return path;
    if (there === null) return (await files.write(path, bytes, { mediaType })).path;
  }
  throw new KernelError(
    "input.invalid",
    `There are already ${maxSameName} files named ${plain}. Please rename it and upload it again.`,
  );
}
