import type { ThreadId, UserId } from "../ids.ts";
import { keys } from "./keys.ts";

/** Keeps bytes under their hash, once. R2 checks the hash itself; a second put of the same bytes does nothing. */
export async function keepContent(
  bucket: R2Bucket,
  owner: UserId | ThreadId,
  sha256: string,
  bytes: Uint8Array,
): Promise<void> {
  await bucket.put(keys.content(owner, sha256), bytes, { sha256, onlyIf: { etagDoesNotMatch: "*" } });
}

/** Bytes kept under a hash, or null. */
export async function keptContent(
  bucket: R2Bucket,
  owner: UserId | ThreadId,
  sha256: string,
): Promise<Uint8Array | null> {
  const object = await bucket.get(keys.content(owner, sha256));
  return object ? new Uint8Array(await object.arrayBuffer()) : null;
}
