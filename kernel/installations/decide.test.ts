import { expect, test } from "vitest";
import { limits } from "../limits.ts";
import { decideToken } from "./decide.ts";

const hour = 60 * 60 * 1000;
const { marginMs, renewEarlyMs, renewAgainMs } = limits.installation;
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
  ["at the margin it is renewed first", { ...token, expiresAt: now + marginMs }, "renew"],
  ["a moment before it is renewed meanwhile", { ...token, expiresAt: now + marginMs + 1 }, "renew-early"],
  ["from its early time on it is renewed", { ...token, expiresAt: now + renewEarlyMs }, "renew-early"],
  ["and not before", { ...token, expiresAt: now + renewEarlyMs + 1 }, "use"],
  [
    "after its pause it is tried again",
    { ...token, expiresAt: now + hour, failedAt: now - renewAgainMs },
    "renew-early",
  ],
] as const)("a token: %s", (_, state, decision) => {
  expect(decideToken(state, now)).toBe(decision);
});

test("a token that never failed is renewed early, whatever time it is", () => {
  expect(decideToken({ ...token, expiresAt: hour }, renewAgainMs - 1)).toBe("renew-early");
});
