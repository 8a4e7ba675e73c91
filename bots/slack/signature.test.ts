import { fc } from "../../test/fast-check.ts";
import { expect, test } from "vitest";
import { ofNow, readSignature, sign, signatureOf } from "./signature.ts";

const secret = "8f742231b10e8888abcd99yyyzzz85a5";
const now = 1_721_000_000_000;
const body = "token=x&text=hello";
const bytes = new TextEncoder().encode(body);
const verify = signatureOf(secret);

/** Slack's headers for the body, with some of them other. */
async function asked(other: Record<string, string> = {}, at = now): Promise<boolean> {
  return verify(new Headers({ ...(await sign(secret, body, at)), ...other }), bytes, now);
}
const genuine = async (): Promise<string> => (await sign(secret, body, now))["x-slack-signature"] ?? "";

test("A5 what Slack signed now is Slack's, and nobody else's", async () => {
  expect(await asked()).toBe(true);
  expect(await verify(new Headers(await sign("another", body, now)), bytes, now)).toBe(false);
  expect(await verify(new Headers(await sign(secret, `${body}.`, now)), bytes, now)).toBe(false);
  expect(await verify(new Headers(), bytes, now)).toBe(false);
});

test.each([
  ["more after it", (right: string) => `${right}=`],
  ["a second part", (right: string) => `${right}=${"0".repeat(64)}`],
  ["more hex", (right: string) => `${right}00`],
  ["less hex", (right: string) => right.slice(0, -2)],
  ["one digit less", (right: string) => right.slice(0, -1)],
  ["something before it", (right: string) => `x${right}`],
  ["another version", (right: string) => right.replace("v0", "v1")],
  ["no version", (right: string) => right.replace("v0=", "")],
  ["no text before its sign", (right: string) => right.replace("v0", "")],
  ["capital digits", (right: string) => right.replace(/[a-f]/g, (digit) => digit.toUpperCase())],
  ["a capital version", (right: string) => right.replace("v0", "V0")],
  ["a number's other spelling", (right: string) => right.replace(/^v0=../, "v0=0x")],
  ["a sign that is no digit", (right: string) => right.replace(/.$/, "g")],
  ["two of them", (right: string) => `${right}, ${right}`],
  ["none", () => ""],
])("A5 a signature is v0 and hex and nothing else: %s", async (_, change) => {
  const right = await genuine();
  expect(readSignature(right)).toHaveLength(32);
  expect(readSignature(change(right))).toBeNull();
  expect(await asked({ "x-slack-signature": change(right) })).toBe(false);
});

test("A5 a line end or a blank about a signature makes it none", async () => {
  const right = await genuine();
  for (const other of [`${right}\n`, `\n${right}`, ` ${right}`, `${right} `, `a\n${right}`, `${right}\nb`])
    expect(readSignature(other)).toBeNull();
});

test("A5 a stamp holds five minutes on either side, to the second", () => {
  const stamp = (ms: number) => String((now + ms) / 1000);
  for (const within of [0, 300_000, -300_000]) expect(ofNow(stamp(within), now)).toBe(true);
  for (const beyond of [301_000, -301_000, 1e9, -1e9]) expect(ofNow(stamp(beyond), now)).toBe(false);
});

test("A5 a stamp from the future is refused though it is signed", async () => {
  expect(await asked({}, now + 299_000)).toBe(true);
  expect(await asked({}, now + 302_000)).toBe(false);
  expect(await asked({}, now - 302_000)).toBe(false);
});

/** Signed as Slack signs, whatever the stamp is. */
async function signedWith(stamp: string): Promise<Headers> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(`v0:${stamp}:${body}`)));
  const hex = Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return new Headers({ "x-slack-request-timestamp": stamp, "x-slack-signature": `v0=${hex}` });
}

test.each([
  "",
  "now",
  "NaN",
  "Infinity",
  "1e9",
  "0x66942a80",
  "-1721000000",
  "+1721000000",
  "1721000000.5",
  "1721000000x",
])("A5 a stamp that is no number is refused though it is signed: %j", async (stamp) => {
  expect(ofNow(stamp, now)).toBe(false);
  expect(await verify(await signedWith(stamp), bytes, now)).toBe(false);
});

test("A5 a stamp is seconds in digits and nothing about them", () => {
  const right = String(now / 1000);
  for (const stamp of [`${right}\n`, ` ${right}`, `${right} `, `\n${right}`, `${right}\n1`, `000${right}`])
    expect(ofNow(stamp, now)).toBe(false);
  // A clock that is broken lets nothing pass.
  expect(ofNow(right, Number.NaN)).toBe(false);
});

test("A5 no other text than the right one is a signature", async () => {
  const right = await genuine();
  await fc.assert(
    fc.asyncProperty(fc.nat(66), fc.string({ unit: "binary-ascii", minLength: 0, maxLength: 2 }), async (at, put) => {
      const other = right.slice(0, at) + put + right.slice(at + 1);
      fc.pre(other !== right);
      const read = readSignature(other);
      const same =
        read !== null && `v0=${Array.from(read, (byte) => byte.toString(16).padStart(2, "0")).join("")}` === other;
      expect(read === null || same).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
