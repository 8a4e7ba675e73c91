import { describe, expect, it } from "vitest";
import { nameFrom, remoteOf, RepoName } from "./names.ts";

describe("where a repo may come from", () => {
  it.each(["https://github.com/a/b.git", "/workspace/remote.git", "/r2/home/x", "http://127.0.0.1:8000/a.git"])(
    "%s is taken",
    (text) => expect(remoteOf(text)).toBe(text),
  );

  it.each([
    "https://token@github.com/a/b.git",
    "https://a:b@github.com/a/b.git",
    "http://github.com/a/b.git",
    "ssh://git@github.com/a/b",
    "git@github.com:a/b.git",
    "ext::sh -c id",
    "file:///etc",
    "/etc/passwd",
    "/workspace/../etc",
    "--upload-pack=id",
    "",
  ])("%s is refused", (text) => expect(() => remoteOf(text)).toThrow());

  it("a name is one folder and one word", () => {
    expect(nameFrom("https://github.com/a/my app.git/")).toBe("my-app");
    expect(nameFrom("uploads/project.tar.gz")).toBe("project");
    for (const bad of ["", "..", "a/b", "-x", ".git", "x.lock", "a..b", "x".repeat(41)]) {
      expect(RepoName.safeParse(bad).success, bad).toBe(false);
    }
  });
});
