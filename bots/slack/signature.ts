import { slackLimits } from "../../adapters/slack/limits.ts";

const encoder = new TextEncoder();

function fromHex(hex: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[0-9a-f]{64}$/.test(hex)) return null;
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
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
    const [version, hex] = (headers.get("x-slack-signature") ?? "").split("=");
    const given = version === "v0" ? fromHex(hex ?? "") : null;
    if (given === null || !/^\d{1,12}$/.test(stamp)) return false;
    if (Math.abs(now - Number(stamp) * 1000) > slackLimits.signatureAgeMs) return false;
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
