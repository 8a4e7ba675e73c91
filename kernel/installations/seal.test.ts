import { expect, test } from "vitest";
import { keyRing } from "./keys.ts";
import { seal, unseal } from "./seal.ts";

const key = (fill: string) => btoa(fill.repeat(32));
const oldKey = key("a");
const newKey = key("b");
const place = "chat:T1 access";
const secret = "xoxb-1-very-secret";

test("what is sealed opens again, in its own place only, and shows nothing of itself", async () => {
  const ring = await keyRing(oldKey);
  const sealed = await seal(ring, place, secret);
  expect(sealed).not.toContain("secret");
  expect(await unseal(ring, place, sealed)).toEqual({ secret, old: false });
  await expect(unseal(ring, "chat:T2 access", sealed)).rejects.toMatchObject({ code: "config.invalid" });
  await expect(unseal(ring, "chat:T1 refresh", sealed)).rejects.toMatchObject({ code: "config.invalid" });
});

test("the same secret is sealed differently each time", async () => {
  const ring = await keyRing(oldKey);
  expect(await seal(ring, place, secret)).not.toBe(await seal(ring, place, secret));
});

test("a new key before the old one: old texts open and say so, new ones need the new key", async () => {
  const before = await seal(await keyRing(oldKey), place, secret);
  const both = await keyRing(`${newKey}, ${oldKey}`);
  expect(await unseal(both, place, before)).toEqual({ secret, old: true });
  const after = await seal(both, place, secret);
  expect(await unseal(await keyRing(newKey), place, after)).toEqual({ secret, old: false });
  await expect(unseal(await keyRing(newKey), place, before)).rejects.toMatchObject({ code: "config.invalid" });
});

test("a text that was changed does not open", async () => {
  const ring = await keyRing(oldKey);
  const sealed = await seal(ring, place, secret);
  for (let at = 0; at < sealed.length; at += 3) {
    const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    await expect(unseal(ring, place, changed)).rejects.toMatchObject({ code: "config.invalid" });
  }
});

test.each(["", "short", "x".repeat(32), `${oldKey},short`])("a key that is none is refused: %j", async (text) => {
  await expect(keyRing(text)).rejects.toMatchObject({ code: "config.invalid" });
});
