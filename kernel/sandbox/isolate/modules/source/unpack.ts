import { type UnzipFileInfo, unzipSync } from "fflate";

/** An isolate has 128 MB in all. */
const maxUnpackedBytes = 64 * 1024 * 1024;
const maxEntries = 10_000;

/**
 * Unpacks an archive within bounds. An entry is unpacked into the room that the archive says it takes, and no further,
 * so that one which lies cannot take more.
 */
export function unpack(
  bytes: Uint8Array | ArrayBuffer,
  of: string,
  wanted: (name: string) => boolean = () => true,
): Record<string, Uint8Array> {
  let total = 0;
  let entries = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo): boolean => {
    if (name.endsWith("/") || !wanted(name)) return false;
    total += originalSize;
    entries += 1;
    if (entries > maxEntries) throw new Error(`${of}: more than ${maxEntries} files inside`);
    if (total > maxUnpackedBytes) throw new Error(`${of}: unpacks to more than ${maxUnpackedBytes / 1_048_576} MB`);
    return true;
  };
  const given = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(given instanceof Uint8Array)) throw new TypeError(`${of}: takes the bytes of a file, as a Uint8Array`);
  try {
    return unzipSync(given, { filter });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : "";
    throw why.startsWith(of) ? thrown : new Error(`${of}: not a sound archive${why ? ` (${why})` : ""}`);
  }
}
