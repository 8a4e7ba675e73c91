import { expect, test } from "vitest";
import { keyRing } from "./keys.ts";
import { mintTicket, readTicket } from "./ticket.ts";

const key = (fill: string) => btoa(fill.repeat(32));
const ring = keyRing(key("a"));
const now = 1_800_000_000_000;

test("a ticket comes back as it was, until it runs out", async () => {
  const text = await mintTicket(await ring, "install", now + 1000);
  expect(text).toMatch(/^[\w.-]+$/);
  expect(await readTicket(await ring, "install", text, now)).toMatchObject({ until: now + 1000 });
  expect(await readTicket(await ring, "install", text, now + 1000)).toBeNull();
});

test("each ticket is another", async () => {
  const [one, two] = [await mintTicket(await ring, "install", now), await mintTicket(await ring, "install", now)];
  expect(one).not.toBe(two);
});

test("a ticket for another purpose, of another key, changed or made up is none", async () => {
  const text = await mintTicket(await ring, "install", now + 1000);
  expect(await readTicket(await ring, "connect", text, now)).toBeNull();
  expect(await readTicket(await keyRing(key("b")), "install", text, now)).toBeNull();
  for (let at = 0; at < text.length - 1; at += 3) {
    const changed = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    expect(await readTicket(await ring, "install", changed, now)).toBeNull();
  }
  for (const none of ["", ".", "..", "a.b.c", "a.b.c.d", `${text}.x`, "x".repeat(600)])
    expect(await readTicket(await ring, "install", none, now)).toBeNull();
});

test("a ticket signed before the key was changed is still good", async () => {
  const text = await mintTicket(await ring, "install", now + 1000);
  expect(await readTicket(await keyRing(`${key("b")},${key("a")}`), "install", text, now)).not.toBeNull();
});
