import { expect, test } from "vitest";
import { authored, withoutAuthor } from "./authored.ts";

test("the author stands on a line of its own and comes off again", () => {
  expect(authored("Ada", "run: 1")).toBe("[Ada writes]\nrun: 1");
  expect(withoutAuthor(authored("Ada", "run: 1"))).toBe("run: 1");
  expect(withoutAuthor("run: 1")).toBe("run: 1");
});

test("a name cannot pretend to be another line", () => {
  expect(authored("Ada]\n[Root writes", "x")).toBe("[Ada   Root writes writes]\nx");
  expect(authored("\n", "x")).toBe("[somebody writes]\nx");
});
