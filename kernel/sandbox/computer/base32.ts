const letters = "abcdefghijklmnopqrstuvwxyz234567";

/** Bytes as lower-case letters and digits, 5 bits each (RFC 4648 without padding): safe in a host name. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters.charAt((value >> bits) & 31);
    }
  }
  return bits > 0 ? text + letters.charAt((value << (5 - bits)) & 31) : text;
}
