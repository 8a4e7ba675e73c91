import { expect, test } from "vitest";
import { hashOf, matches } from "./subject.ts";
import type { Subject } from "./types.ts";

const subject: Subject = { tool: "publish_site", input: { slug: "tea", public: true }, pinned: ["v1", { n: 1 }] };

test("F1 what was approved is what would run, also when its keys come in another order", async () => {
  const hash = await hashOf(subject);
  expect(await matches({ subject, hash })).toBe(true);
  const { tool, pinned } = subject;
  expect(await matches({ subject: { pinned, input: { public: true, slug: "tea" }, tool }, hash })).toBe(true);
});

test.each<[string, Partial<Subject>]>([
  ["tool", { tool: "delete_site" }],
  ["input", { input: { slug: "tee", public: true } }],
  ["input, by a field more", { input: { slug: "tea", public: true, force: true } }],
  ["input, by a field less", { input: { slug: "tea" } }],
  ["pinned version", { pinned: ["v2", { n: 1 }] }],
  ["order of what is pinned", { pinned: [{ n: 1 }, "v1"] }],
])("F1 a call with another %s is not what was approved", async (_, change) => {
  expect(await matches({ subject: { ...subject, ...change }, hash: await hashOf(subject) })).toBe(false);
});

test("F1 a row without a hash, or with one of another form, approves nothing", async () => {
  const hash = await hashOf(subject);
  for (const wrong of ["", hash.toUpperCase(), hash.slice(0, 63), `${hash} `, "0".repeat(64)]) {
    expect(await matches({ subject, hash: wrong }), wrong).toBe(false);
  }
});

test("the hash is SHA-256 of the canonical JSON, so rows of an earlier version still match", async () => {
  // printf '{"input":{},"pinned":null,"tool":"t"}' | sha256sum
  expect(await hashOf({ tool: "t", input: {}, pinned: null })).toBe(
    "7e5fe300fb5b45723d941be04b0ab295ccddd8fbd19d298f1b9a859c4d0ff5c1",
  );
});
