import { slackLimits } from "../../adapters/slack/limits.ts";

const encoder = new TextEncoder();

/** `v0=` and 32 bytes in small hex digits, as Slack writes them, and nothing else; null for all other text. */
export function readSignature(text: string): Uint8Array<ArrayBuffer> | null {
  const hex = /^v0=([0-9a-f]{64})$/.exec(text)?.[1];
  if (hex === undefined) return null;
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Whether a stamp (seconds, as digits) is at most five minutes from `now` (milliseconds) on either side. */
export function ofNow(stamp: string, now: number): boolean {
  // Asked for what is right, not for what is wrong: nothing that is no number is within any age.
  return /^\d{1,12}$/.test(stamp) && Math.abs(now - Number(stamp) * 1000) <= slackLimits.signatureAgeMs;
}

/**
 * Whether a request is Slack's own and of now: v0 HMAC-SHA256 over stamp and body, compared in constant time, the stamp
 * at most five minutes away on either side. Bolt's own check lets stamps from the future pass.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function signatureOf(signingSecret: string) {
  let key: Promise<CryptoKey> | null = null;
  return async (headers: Headers, body: Uint8Array, now: number): Promise<boolean> => {
    const stamp = headers.get("x-slack-request-timestamp") ?? "";
    const given = readSignature(headers.get("x-slack-signature") ?? "");
    if (given === null || !ofNow(stamp, now)) return false;
    key ??= crypto.subtle.importKey("raw", encoder.encode(signingSecret), { name: "HMAC", hash: "SHA-256" }, false, [
      "verify",
    ]);
    const head = encoder.encode(`v0:${stamp}:`);
    const signed = new Uint8Array(head.byteLength + body.byteLength);
    signed.set(head);
    signed.set(body, head.byteLength);
    return crypto.subtle.verify("HMAC", await key, given, signed);
  };
}

/** The headers with which Slack signs a request; for who forwards one in its place. */
export async function sign(signingSecret: string, body: string, now: number): Promise<Record<string, string>> {
  const stamp = String(Math.floor(now / 1000));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(signingSecret), algorithm, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(`v0:${stamp}:${body}`)));
  const hex = Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { "x-slack-request-timestamp": stamp, "x-slack-signature": `v0=${hex}` };
}
