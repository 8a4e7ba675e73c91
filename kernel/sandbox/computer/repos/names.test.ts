import { describe, expect, it } from "vitest";
import { KernelError } from "../../../errors.ts";
import { ThreadId } from "../../../ids.ts";
import { nameFrom, placeOf, remoteOf, RepoName } from "./names.ts";

/** Code and sentence of what was thrown. */
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof KernelError ? `${thrown.code}: ${thrown.userMessage}` : "not ours";
  }
  return "taken";
};

describe("where a repo may come from", () => {
  it.each([
    "https://github.com/a/b.git",
    "/workspace/remote.git",
    "/r2/home/x",
    "/home/box/a-b_c/d.e",
    "http://127.0.0.1:8000/a.git",
  ])("%s is taken", (text) => expect(remoteOf(text)).toBe(text));

  it("an address is given back as a URL parser reads it", () => {
    expect(remoteOf("HTTPS://GitHub.com/a/../b")).toBe("https://github.com/b");
  });

  it.each([
    "http://github.com/a/b.git",
    "ssh://git@github.com/a/b",
    "ssh://127.0.0.1/a",
    "file://127.0.0.1/etc",
    "http://127.0.0.1.example.com/a",
    "http://localhost:8000/a.git",
    "git@github.com:a/b.git",
    "ext::sh -c id",
    "file:///etc",
    "/etc/passwd",
    "/workspace",
    "/workspace/",
    "/workspace/../etc",
    "/etc/workspace/x",
    "x/workspace/y",
    "/workspace/x;id",
    "/workspace/x y",
    "/workspace/x\n",
    "--upload-pack=id",
    "",
  ])("%j is refused", (text) =>
    expect(refusal(() => remoteOf(text))).toMatch(/^input\.invalid: .*https:\/\/ address or from a folder of the box/),
  );

  it.each([
    "https://token@github.com/a/b.git",
    "https://:b@github.com/a/b.git",
    "https://a:b@github.com/a/b.git",
    "http://a:b@127.0.0.1:8000/a.git",
  ])("%s has a secret in it and is refused, which is said without it", (text) =>
    expect(refusal(() => remoteOf(text))).toBe(
      "input.invalid: The address holds a name or a password; those never go into a box.",
    ),
  );
});

describe("a repo's name is one folder and one word", () => {
  it.each(["a", "7", "ab", "A-b_c.d", "x".repeat(40)])("%s", (name) => expect(RepoName.parse(name)).toBe(name));

  it.each(["", ".", "..", "a/b", "-x", "x-", "x.", ".git", "a b", "a\n", "x".repeat(41), "é"])("not %j", (name) => {
    const read = RepoName.safeParse(name);
    expect(read.error?.issues[0]?.message).toBe("a repo's name is 1 to 40 letters, digits, dots and dashes");
  });

  it.each(["x.lock", "a..b"])("not %j, which git would not take", (name) => {
    expect(RepoName.safeParse(name).error?.issues[0]?.message).toBe("git does not take this name");
  });

  it.each([
    ["https://github.com/a/my app.git/", "my-app"],
    ["https://github.com/a/b//", "b"],
    ["https://github.com/a/tea  +  pot", "tea-pot"],
    ["https://github.com/a/x.git.md", "x.git.md"],
    ["uploads/project.tar.gz", "project"],
    ["uploads/project.TGZ", "project"],
    ["a/x.zip", "x"],
    ["a/x.tar", "x"],
    ["only", "only"],
    [`a/${"x".repeat(60)}`, "x".repeat(40)],
  ])("that of %s is %s", (source, name) => expect(nameFrom(source)).toBe(name));

  it.each(["", "///", "a/.git", "a/日本", "a/x.lock"])("%j gives none, and one is asked for", (source) => {
    expect(refusal(() => nameFrom(source))).toBe("input.invalid: Give the repo a name: letters, digits, dots, dashes.");
  });
});

it("a thread has a tree and a branch of its own of each repo, beside one clone", async () => {
  const one = await placeOf("/workspace", "tea", ThreadId.parse("slack:T1:C1:1.1"));
  const other = await placeOf("/workspace", "tea", ThreadId.parse("slack:T1:C1:1.2"));
  // The first ten digits of the SHA-256 of the thread's id.
  expect(one).toEqual({
    name: "tea",
    clone: "/workspace/tea",
    tree: "/workspace/.trees/tea-babcbb8f8b",
    branch: "deckhand/babcbb8f8b",
  });
  expect(other.clone).toBe(one.clone);
  expect(other.tree).not.toBe(one.tree);
  expect(other.branch).not.toBe(one.branch);
});
