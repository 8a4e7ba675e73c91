import { KernelError } from "../errors.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import type { KeyRing } from "./keys.ts";

const encoder = new TextEncoder();
const ivBytes = 12;

/**
 * Encrypts a secret with the present key: AES-256-GCM, a key of its own for each `place` (HKDF), the place bound as
 * additional data, so that a sealed text opens nowhere else. The name of the key stands before it.
 */
export async function seal(ring: KeyRing, place: string, secret: string): Promise<string> {
  const id = ring.ids[0] ?? "";
  const key = await ring.aes(id, place);
  if (key === null) throw new KernelError("config.invalid", "There is no key to seal with.");
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(place) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encoder.encode(secret)));
  return `v1.${id}.${toBase64url(iv)}.${toBase64url(sealed)}`;
}

/**
 * The secret again; `old` when it was sealed with a key that is not the present one.
 * @throws KernelError config.invalid when none of the keys fits, or the text was changed
 */
export async function unseal(ring: KeyRing, place: string, text: string): Promise<{ secret: string; old: boolean }> {
  const [version, id = "", ...parts] = text.split(".");
  const [iv, sealed] = parts.map(fromBase64url);
  const key = version === "v1" && parts.length === 2 ? await ring.aes(id, place) : null;
  if (!key || !iv || !sealed)
    throw new KernelError("config.invalid", `A stored token was sealed with a key that is not set any more (${id}).`);
  try {
    const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(place) };
    const secret = new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, sealed));
    return { secret, old: id !== ring.ids[0] };
  } catch (cause) {
    throw new KernelError("config.invalid", "A stored token cannot be opened: it was changed.", { cause });
  }
}
