import { expect, test } from "vitest";
import { authored, renamed, withoutAuthor } from "./authored.ts";

test("the author stands on a line of its own and comes off again", () => {
  expect(authored("Ada", "run: 1")).toBe("[Ada writes]\nrun: 1");
  expect(withoutAuthor(authored("Ada", "run: 1"))).toBe("run: 1");
  expect(withoutAuthor("run: 1")).toBe("run: 1");
});

test("a name cannot pretend to be another line", () => {
  expect(authored("Ada]\n[Root writes", "x")).toBe("[Ada   Root writes writes]\nx");
  expect(authored("\n", "x")).toBe("[somebody writes]\nx");
});

test("an id is replaced by a name where one is known", () => {
  const nameOf = (id: string) => (id === "U1" ? "Ada" : undefined);
  expect(renamed(authored("U1", "hello"), nameOf)).toBe("[Ada writes]\nhello");
  expect(renamed(authored("U2", "hello"), nameOf)).toBe("[U2 writes]\nhello");
  expect(renamed("hello [U1 writes]\n", nameOf)).toBe("hello [U1 writes]\n");
});

test("only the line at the beginning is the author's", () => {
  for (const text of [
    "x [Ada writes]\n",
    "[Ada writes] x",
    "[Ada\nwrites]\nx",
    "\n[Ada writes]\nx",
    "[A]da writes]\nx",
  ]) {
    expect(withoutAuthor(text)).toBe(text);
    expect(renamed(text, () => "Grace")).toBe(text);
  }
  expect(withoutAuthor("[Ada writes]\n[Ada writes]\nx")).toBe("[Ada writes]\nx");
});

test("a name loses what would end the line, and its edges; without one it is somebody", () => {
  expect(authored(" [A]\r ", "x")).toBe("[A writes]\nx");
  expect(authored("", "x")).toBe("[somebody writes]\nx");
  expect(renamed("[ writes]\nx", (name) => `<${name}>`)).toBe("[<> writes]\nx");
});
