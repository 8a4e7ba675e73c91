import { expect, it } from "vitest";
import { permalinkHash } from "./permalink.ts";

const hash = (path: string) => permalinkHash(new URL(path, "http://127.0.0.1:1"));

it("a message's permanent address is its thread's place", () => {
  expect(hash("/archives/C0GENERAL/p1721000000000100")).toBe("#/C0GENERAL/1721000000.000100");
  expect(hash("/archives/D0ADA/p1721000009000900?thread_ts=1721000000.000100&cid=D0ADA")).toBe(
    "#/D0ADA/1721000000.000100",
  );
  expect(hash("/archives/C1/p1721000009000900?thread_ts=nonsense")).toBe("#/C1/1721000009.000900");
});

it("what is none leads nowhere", () => {
  for (const path of ["/archives/C1", "/archives/C1/1721", "/archives/c1/p1721000000000100", "/x"])
    expect(hash(path)).toBeNull();
});
