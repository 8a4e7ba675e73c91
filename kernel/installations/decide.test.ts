import { expect, test } from "vitest";
import { decideToken } from "./decide.ts";

const hour = 60 * 60 * 1000;
const now = 1_800_000_000_000;
const token = { expiresAt: now + 12 * hour, renewable: true, refused: false, failedAt: null };

test.each([
  ["a fresh one is used", token, "use"],
  ["one that does not expire is used", { ...token, expiresAt: null, renewable: false }, "use"],
  ["with under two hours left it is used and renewed meanwhile", { ...token, expiresAt: now + hour }, "renew-early"],
  ["not again right after that failed", { ...token, expiresAt: now + hour, failedAt: now - 5_000 }, "use"],
  ["but again a minute later", { ...token, expiresAt: now + hour, failedAt: now - 61_000 }, "renew-early"],
  ["with under a minute left it is renewed first", { ...token, expiresAt: now + 59_000 }, "renew"],
  ["even when that failed a moment ago", { ...token, expiresAt: now, failedAt: now - 1 }, "renew"],
  ["one that was refused is renewed first", { ...token, refused: true }, "renew"],
  [
    "one that was refused and cannot be renewed is given as it is",
    { ...token, renewable: false, refused: true },
    "use",
  ],
  ["one that ran out and cannot be renewed is gone", { ...token, renewable: false, expiresAt: now }, "gone"],
] as const)("a token: %s", (_, state, decision) => {
  expect(decideToken(state, now)).toBe(decision);
});
