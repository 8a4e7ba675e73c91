/** What just-bash uses of node:zlib, for an isolate that has none: gzip and gunzip by fflate. */
import { gunzipSync as gunzip, gzipSync as gzip } from "fflate";

export const constants = { Z_BEST_COMPRESSION: 9, Z_BEST_SPEED: 1, Z_DEFAULT_COMPRESSION: 6 };

export function gzipSync(bytes: Uint8Array, options: { level?: number } = {}): Uint8Array {
  const level = Math.min(9, Math.max(0, options.level ?? 6)) as 6;
  return gzip(bytes, { level, mtime: 0 });
}

/** `maxOutputLength` holds before the room is made: the size stands at the end of the packed bytes. */
export function gunzipSync(bytes: Uint8Array, options: { maxOutputLength?: number } = {}): Uint8Array {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.byteLength - 4, true);
  const most = options.maxOutputLength ?? 0;
  if (most > 0 && size > most) throw new RangeError("the unpacked size is over its limit");
  const out = gunzip(bytes, { out: new Uint8Array(size) });
  if (out.byteLength !== size) throw new Error("unexpected end of file");
  return out;
}
