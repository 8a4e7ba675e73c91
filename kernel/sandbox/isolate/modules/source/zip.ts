import { strToU8, zipSync } from "fflate";
import { unpack } from "./unpack.ts";

/** An archive of files by name: text, or bytes. */
export function zip(files: Record<string, string | Uint8Array | ArrayBuffer>): Uint8Array {
  const entries = Object.entries(files).map(([name, content]): [string, Uint8Array] => {
    if (typeof content === "string") return [name, strToU8(content)];
    return [name, content instanceof ArrayBuffer ? new Uint8Array(content) : content];
  });
  return zipSync(Object.fromEntries(entries), { level: 6 });
}

/** The files of an archive by name, folders left out. @throws Error past 64 MB or 10,000 files. */
export function unzip(bytes: Uint8Array | ArrayBuffer): Record<string, Uint8Array> {
  return unpack(bytes, "zip");
}
