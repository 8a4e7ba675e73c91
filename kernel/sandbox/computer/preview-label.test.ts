import { expect, test } from "vitest";
import { base32 } from "./base32.ts";
import { BoxLabel, newSecret, Port, PortSecret, previewLabel, previewUrl } from "./preview-label.ts";
import { BoxName } from "./types.ts";
import { fc } from "../../../test/fast-check.ts";

const letters = fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz234567"));
const parts = fc.record({
  port: fc.integer({ min: 1024, max: 65_535 }).filter((port) => port !== 3000),
  name: fc.stringMatching(/^[a-z](?:[a-z0-9]{0,18}[a-z0-9])?$/).map((name) => BoxName.parse(name)),
  box: fc.string({ unit: letters, minLength: 10, maxLength: 10 }).map((label) => BoxLabel.parse(label)),
  secret: fc.string({ unit: letters, minLength: 26, maxLength: 26 }).map((secret) => PortSecret.parse(secret)),
});

test("C6 a preview's label is one DNS label and gives its parts back", () => {
  fc.assert(
    fc.property(parts, (one) => {
      const label = previewLabel.make(one);
      expect(label.length).toBeLessThanOrEqual(63);
      expect(label).toMatch(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/);
      expect(previewLabel.parse(label)).toEqual(one);
    }),
  );
});

test("C6 what is not a label of ours has no parts", () => {
  const good = `8080-main-${"a".repeat(36)}`;
  expect(previewLabel.parse(good)).not.toBeNull();
  const bad = [
    "",
    "8080",
    `8080-main-${"a".repeat(35)}`,
    `8080-main-${"a".repeat(37)}`,
    `08080-main-${"a".repeat(36)}`,
    `3000-main-${"a".repeat(36)}`,
    `80-main-${"a".repeat(36)}`,
    `70000-main-${"a".repeat(36)}`,
    `8080-Main-${"a".repeat(36)}`,
    `8080-a-b-${"a".repeat(36)}`,
    `8080-main-${"1".repeat(36)}`,
    `${good}\n`,
    `${good}.`,
    ` ${good}`,
    `x${good}`,
    `-${good}`,
    `x-${good}`,
    `\n${good}`,
    `8080-main-x-${"a".repeat(36)}`,
    `8080-1main-${"a".repeat(36)}`,
    `8080--${"a".repeat(36)}`,
    `123456-main-${"a".repeat(36)}`,
    good.toUpperCase(),
  ];
  for (const label of bad) expect(previewLabel.parse(label), label).toBeNull();
});

test.each([
  ["a box's label", BoxLabel, 10],
  ["a port's secret", PortSecret, 26],
] as const)("C6 %s is so many letters and digits of base32 and nothing else", (_, schema, length) => {
  const ok = (text: string) => schema.safeParse(text).success;
  const good = "a7".repeat(length / 2);
  expect(ok(good)).toBe(true);
  for (const bad of ["", good.slice(1), `a${good}`, `${good}a`, `${good}\n`, `.${good}`, `1${good.slice(1)}`]) {
    expect(ok(bad), JSON.stringify(bad)).toBe(false);
  }
  expect(ok(good.toUpperCase())).toBe(false);
});

test("C6 a port is none of the system's and not the computer's own, which the sentence says", () => {
  const ok = (port: number) => Port.safeParse(port).success;
  expect([1023, 1024, 2999, 3001, 65_535, 65_536].map(ok)).toEqual([false, true, true, true, true, false]);
  expect(ok(8080.5)).toBe(false);
  expect(Port.safeParse(3000).error?.issues[0]?.message).toMatch(/3000 is taken .* another/);
});

test("C6 no two secrets are the same, and each has 130 bits", () => {
  const secrets = new Set(Array.from({ length: 500 }, newSecret));
  expect(secrets.size).toBe(500);
  // Every place of it moves: none is fixed by how bytes become letters.
  for (let at = 0; at < 26; at += 1) expect(new Set([...secrets].map((secret) => secret[at])).size).toBeGreaterThan(8);
});

test("C6 on a laptop the preview is a name below localhost, elsewhere below the Worker's own", () => {
  const one = {
    port: 8080,
    name: BoxName.parse("main"),
    box: BoxLabel.parse("b".repeat(10)),
    secret: PortSecret.parse("c".repeat(26)),
  };
  const label = `8080-main-${"b".repeat(10)}${"c".repeat(26)}`;
  expect(previewUrl(one, "http://127.0.0.1:4748")).toBe(`http://${label}.localhost:4748/`);
  expect(previewUrl(one, "http://[::1]:4748")).toBe(`http://${label}.localhost:4748/`);
  expect(previewUrl(one, "http://localhost")).toBe(`http://${label}.localhost/`);
  expect(previewUrl(one, "https://deckhand.example.com")).toBe(`https://${label}.deckhand.example.com/`);
  // A name that has the laptop's in it is not the laptop.
  for (const host of ["localhost.example.com", "my-localhost", "127.0.0.1.example.com"]) {
    expect(previewUrl(one, `https://${host}`)).toBe(`https://${label}.${host}/`);
  }
});

test("base32 is RFC 4648's", () => {
  expect(base32(new TextEncoder().encode("foobar"))).toBe("mzxw6ytboi");
  expect(base32(new TextEncoder().encode("f"))).toBe("my");
  expect(base32(new Uint8Array(6).fill(255))).toBe("7777777774");
  expect(base32(new Uint8Array())).toBe("");
});
