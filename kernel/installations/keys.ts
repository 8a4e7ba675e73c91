import { KernelError } from "../errors.ts";

const encoder = new TextEncoder();

/** Secret keys under one name each; the first is used, the others still open what was closed with them. */
export interface KeyRing {
  /** Names of the keys, the present one first. A name tells nothing of its key. */
  readonly ids: readonly string[];
  /** A key for one purpose, from the key with this name. Null when there is none. */
  aes(id: string, purpose: string): Promise<CryptoKey | null>;
  hmac(id: string, purpose: string): Promise<CryptoKey | null>;
}

/** 32 bytes as base64, as `openssl rand -base64 32` writes them. */
const keyText = /^[A-Za-z0-9+/_-]{43}=?$/;

/** True for one key, or for several with commas between them. */
export const isKeyText = (text: string): boolean => {
  const keys = text.split(",").map((key) => key.trim());
  return keys.length <= 8 && keys.every((key) => keyText.test(key));
};

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));

/**
 * The keys in a variable: one, or the new one and then old ones.
 * @throws KernelError config.invalid
 */
export async function keyRing(text: string): Promise<KeyRing> {
  if (!isKeyText(text)) throw new KernelError("config.invalid", "The key must be 32 bytes in base64.");
  const roots = new Map<string, CryptoKey>();
  for (const part of text.split(",")) {
    const root = await crypto.subtle.importKey("raw", bytesOf(part.trim()), "HKDF", false, ["deriveBits", "deriveKey"]);
    const name = new Uint8Array(await crypto.subtle.deriveBits(hkdf("name of the key"), root, 32));
    roots.set(Array.from(name, (byte) => byte.toString(16).padStart(2, "0")).join(""), root);
  }
  const derive = async (
    id: string,
    info: string,
    to: { name: string; length: number; hash?: string },
    uses: string[],
  ) => {
    const root = roots.get(id);
    return root === undefined ? null : crypto.subtle.deriveKey(hkdf(info), root, to, false, uses);
  };
  return {
    ids: [...roots.keys()],
    aes: (id, purpose) => derive(id, `seal ${purpose}`, { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    hmac: (id, purpose) =>
      derive(id, `ticket ${purpose}`, { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign", "verify"]),
  };
}

const hkdf = (info: string) => ({
  name: "HKDF",
  hash: "SHA-256",
  salt: encoder.encode("deckhand installations v1"),
  info: encoder.encode(info),
});
