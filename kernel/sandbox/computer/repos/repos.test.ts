import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { boxAt, git, makeOrigin } from "../../../../test/stand-ins/git-box.ts";
import { ThreadId } from "../../../ids.ts";
import { limits } from "../../../limits.ts";
import type { Box } from "../types.ts";
import { Repos } from "./repos.ts";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const threads = [ThreadId.parse("slack:T1:C1:1.1"), ThreadId.parse("slack:T1:C1:2.2")] as const;

describe("C11 a repo is worked on in a git worktree a thread", () => {
  let folder = "";
  const repos = (thread: ThreadId = threads[0], kind: Box["kind"] = "jail") =>
    new Repos({
      box: { ...boxAt(folder), kind },
      thread,
      signal: new AbortController().signal,
      progress: () => undefined,
      now: Date.now,
    });
  const at = (path: string, ...more: string[]) => join(path.replace("/workspace", folder), ...more);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "deckhand-repos-"));
    folders.push(folder);
    makeOrigin(folder);
  });

  it("each thread gets its own worktree and branch of one clone, and finds it again", async () => {
    const first = await repos().open("app", "/workspace/origin.git");
    const second = await repos(threads[1]).open("app", null);
    expect(first.path).not.toBe(second.path);
    expect(first).toMatchObject({ base: "main", files: 1, branch: expect.stringMatching(/^deckhand\//) });
    writeFileSync(at(first.path, "b.txt"), "two\n");
    expect((await repos(threads[1]).changes("app")).files).toEqual([]);
    expect((await repos().open("app", null)).path).toBe(first.path);
  });

  it("a diff has new, changed and removed files, without what is ignored, and stages nothing", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    writeFileSync(at(path, ".gitignore"), "secret\n");
    writeFileSync(at(path, "secret"), "no\n");
    writeFileSync(at(path, "a.txt"), "uno\n");
    const changes = await repos().changes("app");
    expect(changes.files).toEqual([
      { path: ".gitignore", added: 1, removed: 0 },
      { path: "a.txt", added: 1, removed: 1 },
    ]);
    expect(changes.text).toContain("-one\n+uno\n");
    expect(git(at(path), "diff", "--cached", "--name-only")).toBe("");
  });

  it("commits exactly the tree that was shown, by the person's name", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    writeFileSync(at(path, "a.txt"), "uno\n");
    const shown = await repos().changes("app");
    const commit = await repos().commit("app", shown, "Count in Italian\n\n'quoted' $(no)", "Ann O'Hara");
    expect(git(at(path), "log", "-1", "--format=%H|%an|%B")).toBe(
      `${commit}|Ann O'Hara|Count in Italian\n\n'quoted' $(no)\n\n`,
    );
    expect(git(at(path), "status", "--porcelain")).toBe("");
  });

  it("what changed after it was shown is not committed", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    writeFileSync(at(path, "a.txt"), "uno\n");
    const shown = await repos().changes("app");
    writeFileSync(at(path, "a.txt"), "due\n");
    await expect(repos().commit("app", shown, "m", "Ann")).rejects.toMatchObject({ code: "approval.changed" });
    expect(git(at(path), "log", "--format=%s")).toBe("first\n");
  });

  it("a hook or a diff program that the repo names is not run", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    const hook = join(folder, "repos/app/.git/hooks/post-checkout");
    writeFileSync(hook, `#!/bin/sh\ntouch ${folder}/ran\n`, { mode: 0o755 });
    git(join(folder, "repos/app"), "config", "diff.external", `touch ${folder}/ran`);
    writeFileSync(at(path, "a.txt"), "uno\n");
    const shown = await repos().changes("app");
    await repos().commit("app", shown, "m", "Ann");
    await repos(threads[1]).open("app", null);
    expect(() => readFileSync(join(folder, "ran"))).toThrow();
  });

  it("pushes exactly the commit that was shown, to a branch of its own", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    writeFileSync(at(path, "a.txt"), "uno\n");
    await repos().commit("app", await repos().changes("app"), "Italian", "Ann");
    const outgoing = await repos().outgoing("app", "italian");
    expect(outgoing).toMatchObject({ remote: "/workspace/origin.git", files: [{ path: "a.txt" }] });
    expect(outgoing.commits).toEqual([expect.stringMatching(/^[0-9a-f]+ Italian$/)]);
    await repos().push("app", outgoing, "italian");
    expect(git(join(folder, "origin.git"), "show", "italian:a.txt")).toBe("uno\n");
    expect(git(join(folder, "origin.git"), "show", "main:a.txt")).toBe("one\n");
  });

  it("a remote that was changed since is not pushed to", async () => {
    await repos().open("app", "/workspace/origin.git");
    const outgoing = await repos().outgoing("app", "x");
    git(join(folder, "repos/app"), "remote", "set-url", "origin", "/workspace/elsewhere.git");
    await expect(repos().push("app", outgoing, "x")).rejects.toMatchObject({ code: "approval.changed" });
  });

  describe("what a repo's own settings say changes neither what is shown nor where it goes", () => {
    const inClone = (...args: string[]) => git(join(folder, "repos/app"), ...args);

    it("a file that is marked as binary, replaced or filtered is shown as it is stored", async () => {
      const { path } = await repos().open("app", "/workspace/origin.git");
      writeFileSync(at(path, ".gitattributes"), "*.txt -diff filter=evil merge=evil\n");
      inClone("config", "filter.evil.clean", `touch ${folder}/ran; cat`);
      inClone("config", "diff.ignoreSubmodules", "all");
      inClone("config", "diff.context", "0");
      writeFileSync(at(path, "a.txt"), "evil\n");
      const id = inClone("hash-object", "-w", at(path, "a.txt")).trim();
      writeFileSync(join(folder, "good"), "good\n");
      inClone("replace", id, inClone("hash-object", "-w", join(folder, "good")).trim());
      rmSync(join(folder, "ran"), { force: true });
      const shown = await repos().changes("app");
      expect(shown.text).toContain("-one\n+evil\n");
      const commit = await repos().commit("app", shown, "m", "Ann");
      expect(git(at(path), "--no-replace-objects", "show", `${commit}:a.txt`)).toBe("evil\n");
      expect(() => readFileSync(join(folder, "ran"))).toThrow();
    });

    it("the commits of a push are told by the remote, not by the clone", async () => {
      const { path } = await repos().open("app", "/workspace/origin.git");
      for (const [n, name] of ["hidden", "seen"].entries()) {
        writeFileSync(at(path, `${name}.txt`), `${name}\n`);
        await repos().commit("app", await repos().changes("app"), `commit ${n}`, "Ann");
      }
      inClone("update-ref", "refs/remotes/origin/main", git(at(path), "rev-parse", "HEAD~1").trim());
      inClone("update-ref", "refs/remotes/origin/HEAD", git(at(path), "rev-parse", "HEAD~1").trim());
      writeFileSync(join(folder, "repos/app/.git/shallow"), git(at(path), "rev-parse", "HEAD"));
      const outgoing = await repos().outgoing("app", "main");
      expect(outgoing.count).toBe(2);
      expect(outgoing.files.map((file) => file.path)).toEqual(["hidden.txt", "seen.txt"]);
      await repos().push("app", outgoing, "main");
      expect(git(join(folder, "origin.git"), "log", "--format=%s", "main")).toBe("commit 1\ncommit 0\nfirst\n");
    });

    it("an address that is rewritten on the way is not gone to", async () => {
      const { path } = await repos().open("app", "/workspace/origin.git");
      git(folder, "clone", "-q", "--bare", "origin.git", "evil.git");
      for (const word of ["insteadOf", "pushInsteadOf"])
        inClone("config", `url.${folder}/evil.git.${word}`, `${folder}/origin.git`);
      writeFileSync(join(folder, ".gitconfig"), `[url "${folder}/evil.git"]\n\tpushInsteadOf = ${folder}/origin.git\n`);
      writeFileSync(at(path, "a.txt"), "uno\n");
      await repos().commit("app", await repos().changes("app"), "m", "Ann");
      const outgoing = await repos().outgoing("app", "x");
      expect(outgoing.remote).toBe("/workspace/origin.git");
      await repos().push("app", outgoing, "x");
      expect(git(join(folder, "evil.git"), "branch", "--list", "x")).toBe("");
      expect(git(join(folder, "origin.git"), "show", "x:a.txt")).toBe("uno\n");
    });

    it("a branch that was pushed to meanwhile is left alone", async () => {
      await repos().open("app", "/workspace/origin.git");
      const outgoing = await repos().outgoing("app", "x");
      git(join(folder, "origin.git"), "branch", "x", "main");
      await expect(repos().push("app", outgoing, "x")).rejects.toMatchObject({ code: "approval.changed" });
    });

    it("an address or a name with a line break brings no line of its own into the answer", async () => {
      const { path } = await repos().open("app", "/workspace/origin.git");
      const head = git(at(path), "rev-parse", "HEAD").trim();
      inClone("config", "remote.origin.url", `${folder}/origin.git\nhead=${"a".repeat(40)}`);
      await expect(repos().outgoing("app", "x")).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:input|repo)/),
      });
      inClone("config", "remote.origin.url", `${folder}/origin.git`);
      writeFileSync(at(path, "n\nstat=9\t9\tREADME.md"), "x\n");
      const shown = await repos().changes("app");
      expect(shown.head).toBe(head);
      expect(shown.files).toEqual([{ path: '"n\\nstat=9\\t9\\tREADME.md"', added: 1, removed: 0 }]);
    });

    it("programs that stand before git in a box's path are not run", async () => {
      const { path } = await repos().open("app", "/workspace/origin.git");
      const own = boxAt(folder);
      const evil: Box = {
        ...own,
        exec: (request) =>
          own.exec({
            ...request,
            command: `git() { touch ${folder}/ran; }; export -f git; export BASH_ENV=${folder}/e\n${request.command}`,
          }),
      };
      writeFileSync(join(folder, "e"), `touch ${folder}/ran\n`);
      writeFileSync(at(path, "a.txt"), "uno\n");
      const thread = {
        box: evil,
        thread: threads[0],
        signal: new AbortController().signal,
        progress: () => undefined,
        now: Date.now,
      };
      expect((await new Repos(thread).changes("app")).text).toContain("+uno");
      expect(() => readFileSync(join(folder, "ran"))).toThrow();
    });
  });

  it("merged, the worktree and its branch are gone", async () => {
    const { path, branch } = await repos().open("app", "/workspace/origin.git");
    writeFileSync(at(path, "a.txt"), "uno\n");
    await expect(repos().merge("app")).rejects.toMatchObject({ code: "repo.dirty" });
    const commit = await repos().commit("app", await repos().changes("app"), "Italian", "Ann");
    expect(await repos().merge("app")).toEqual({ base: "main", head: commit });
    expect(git(join(folder, "repos/app"), "branch", "--list", branch)).toBe("");
    await expect(repos().changes("app")).rejects.toMatchObject({ code: "repo.not_found" });
  });

  it("a merge that conflicts changes nothing and names the file", async () => {
    const trees = [await repos().open("app", "/workspace/origin.git"), await repos(threads[1]).open("app", null)];
    for (const [n, tree] of trees.entries()) {
      writeFileSync(at(tree.path, "a.txt"), `${n}\n`);
      const mine = repos(threads[n]);
      await mine.commit("app", await mine.changes("app"), `commit ${n}`, "Ann");
    }
    await repos().merge("app");
    const failed = repos(threads[1]).merge("app");
    await expect(failed).rejects.toMatchObject({
      code: "repo.conflict",
      userMessage: expect.stringContaining("a.txt"),
    });
    expect(git(join(folder, "repos/app"), "status", "--porcelain")).toBe("");
    expect((await repos(threads[1]).changes("app")).files).toEqual([]);
  });

  it("discarded, it is gone, but only as it was shown", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    const shown = await repos().changes("app");
    writeFileSync(at(path, "a.txt"), "uno\n");
    await expect(repos().discard("app", shown)).rejects.toMatchObject({ code: "approval.changed" });
    await repos().discard("app", await repos().changes("app"));
    await expect(repos().changes("app")).rejects.toMatchObject({ code: "repo.not_found" });
  });

  it("an uploaded archive becomes a repo, once", async () => {
    const inside = join(folder, "project");
    mkdirSync(inside);
    writeFileSync(join(inside, "x.txt"), "x\n");
    execFileSync("tar", ["-czf", join(folder, "p.tgz"), "-C", folder, "project"]);
    const archive = { name: "p.tgz", bytes: new Uint8Array(readFileSync(join(folder, "p.tgz"))) };
    const open = await repos().import("p", archive);
    expect(readFileSync(at(open.path, "x.txt"), "utf8")).toBe("x\n");
    await expect(repos().import("p", archive)).rejects.toMatchObject({ code: "repo.taken" });
    const other = repos().import("q", { name: "q.rar", bytes: new Uint8Array(1) });
    await expect(other).rejects.toMatchObject({ code: "file.unsupported" });
  });

  it("a diff too large to be looked through is refused by its size", async () => {
    const { path } = await repos().open("app", "/workspace/origin.git");
    writeFileSync(at(path, "big.txt"), "0123456789abcde\n".repeat(limits.repo.maxDiffBytes / 16 + 1));
    await expect(repos().changes("app")).rejects.toMatchObject({ code: "limit.output" });
  });

  it("what git says no to is told in its own last line; a simulated shell has no git", async () => {
    await expect(repos().open("app", "/workspace/nowhere.git")).rejects.toMatchObject({ code: "repo.failed" });
    expect(() => repos(threads[0], "simulated")).toThrow(expect.objectContaining({ code: "computer.unsupported" }));
  });
});
