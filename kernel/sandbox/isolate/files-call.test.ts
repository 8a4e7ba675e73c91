import { describe, expect, it } from "vitest";
import { answerFilesCall, parseFilesCall } from "./files-call.ts";
import type { FileTree } from "../../files/types.ts";

const huge = "x".repeat(26 * 1024 * 1024);

describe("a call from a program", () => {
  it.each([
    ["read", ["home/a"]],
    ["read", ["home/a", { offset: 0, length: 10 }]],
    ["write", ["home/a", "text"]],
    ["write", ["home/a", new Uint8Array(3), { mediaType: "text/csv; charset=utf-8", basedOn: "etag" }]],
    ["list", ["home/"]],
    ["list", ["home/", "cursor"]],
    ["find", [{ glob: "**/*.md", text: "x" }]],
    ["stat", ["home/a"]],
    ["move", ["home/a", "home/b"]],
  ])("%s %j is taken", (op, args) => {
    expect(parseFilesCall(op, args)).toEqual({ op, args });
  });

  it.each([
    ["toString", []],
    ["__proto__", []],
    ["constructor", ["home/a"]],
    ["hasOwnProperty", ["home/a"]],
    [["read"], ["home/a"]],
    [null, null],
    ["read", []],
    ["read", "home/a"],
    ["read", [{ toString: () => "home/a" }]],
    ["read", [["home/a"]]],
    ["read", ["home/a", { offset: -1, length: 1 }]],
    ["read", ["home/a", { offset: 0.5, length: 1 }]],
    ["read", ["home/a", { offset: 0, length: Number.NaN }]],
    ["read", ["home/a", { offset: 0, length: 1, extra: true }]],
    ["read", ["x".repeat(100_000)]],
    ["read", ["home/a", undefined, "more"]],
    ["write", ["home/a"]],
    ["write", ["home/a", { a: 1 }]],
    ["write", ["home/a", [1, 2]]],
    ["write", ["home/a", huge]],
    ["write", ["home/a", new Uint8Array(26 * 1024 * 1024)]],
    ["write", ["home/a", "x", { mediaType: "text/html\r\nset-cookie: a" }]],
    ["write", ["home/a", "x", { author: "somebody else" }]],
    ["write", ["home/a", "x", JSON.parse('{"__proto__": {"basedOn": "x"}, "mediaType": "text/plain"}')]],
    ["find", ["*.md"]],
    ["find", [{ glob: 1 }]],
    ["find", [{ text: "" }]],
    ["move", ["home/a"]],
    ["stat", [() => "home/a"]],
  ])("%j with hostile arguments is input.invalid", (op, args) => {
    expect(() => parseFilesCall(op, args)).toThrow(expect.objectContaining({ code: "input.invalid" }));
  });

  it("removal is refused: it needs a person's approval", () => {
    expect(() => parseFilesCall("remove", ["home/a"])).toThrow(expect.objectContaining({ code: "code.refused" }));
  });

  it("does what it says and nothing else", async () => {
    const seen: unknown[] = [];
    const files = new Proxy({}, { get: (_, name) => async (...args: unknown[]) => void seen.push([name, ...args]) }); // oxfmt-ignore
    const call = (op: string, ...args: unknown[]) => answerFilesCall(files as FileTree, parseFilesCall(op, args));
    await call("read", "home/a", { offset: 1, length: 2 });
    await call("write", "home/a", "x", { mediaType: undefined });
    await call("find", { text: "x" });
    await call("move", "home/a", "home/b");
    expect(seen).toEqual([
      ["read", "home/a", { offset: 1, length: 2 }],
      ["write", "home/a", "x", {}],
      ["find", { text: "x" }],
      ["move", "home/a", "home/b"],
    ]);
  });
});
