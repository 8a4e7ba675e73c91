import { KernelError } from "../errors.ts";
import type { FileTree } from "../files/types.ts";

/** A name as it may stand in a path: what a person called the file, without what a path must not hold. */
export function uploadName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  // Control characters, and "%" because an encoded dot or slash must never stand in a path.
  const plain = base
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}%]/gu, "")
    .trim()
    .replace(/^\.+/, "");
  const cut = [...plain].slice(0, 120).join("");
  return cut === "" ? "file" : cut;
}

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
  const plain = uploadName(name);
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
