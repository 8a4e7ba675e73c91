import { randomInt } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** An id in Slack's form: the prefix that names the kind, then upper-case letters and digits. */
export const slackId = (prefix: string, length = 9): string =>
  prefix + Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");

const micros = (ts: string): bigint => {
  const [seconds = "0", fraction = "0"] = ts.split(".");
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
};
const stamp = (value: bigint): string => `${value / 1_000_000n}.${String(value % 1_000_000n).padStart(6, "0")}`;

/** Message stamps: seconds and six digits, each later than the one before, whatever the clock does. */
export function stampMaker(now: () => number, last: string | null): () => string {
  let latest = last === null ? 0n : micros(last);
  return () => {
    const wanted = BigInt(Math.floor(now())) * 1000n;
    latest = wanted > latest ? wanted : latest + 1n;
    return stamp(latest);
  };
}

export const isStamp = (value: string): boolean => /^\d{10}\.\d{6}$/.test(value);
