import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { boxAt, git, makeOrigin } from "../../../../test/stand-ins/git-box.ts";
import { ThreadId } from "../../../ids.ts";
import { Repos } from "./repos.ts";

/* What a program in a box can do to the files of a repo: what is shown then is the truth, or nothing is shown. */

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const corrupt = { code: "repo.corrupt" };
const refused = { code: expect.stringMatching(/^repo\.(?:corrupt|failed)$/) };
const harmless = Buffer.from("one\nharmless\n");

describe("C11 whatever a program does to a repo, a card tells what the ids hold", () => {
  let folder = "";
  let tree = "";
  let clone = "";
  const repos = () =>
    new Repos({
      box: boxAt(folder),
      thread: ThreadId.parse("slack:T1:C1:1.1"),
      signal: new AbortController().signal,
      progress: () => undefined,
      now: Date.now,
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "deckhand-attacks-"));
    folders.push(folder);
    makeOrigin(folder);
    const { path } = await repos().open("app", "/workspace/origin.git");
    tree = path.replace("/workspace", folder);
    clone = join(folder, "repos/app");
  });

  const write = (text: string, name = "a.txt") => writeFileSync(join(tree, name), text);
  /** Git in the clone, given bytes. */
  const fed = (input: string | Buffer, ...args: string[]) => execFileSync("git", args, { cwd: clone, input });
  const idOf = (text: string) => fed(text, "hash-object", "--stdin").toString().trim();
  const stored = (bytes: string | Buffer, kind = "blob") =>
    fed(bytes, "hash-object", "-w", "-t", kind, "--stdin").toString().trim();
  const contentOf = (kind: string, id: string) => fed("", "cat-file", kind, id);
  /** A loose object whose file has the one id for its name, and something else in it. */
  function swap(id: string, kind: string, content: Buffer, objects = join(clone, ".git/objects")): string {
    const file = join(objects, id.slice(0, 2), id.slice(2));
    mkdirSync(join(objects, id.slice(0, 2)), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${kind} ${content.length}\0`), content])));
    return file;
  }

  it("a loose file with other content in it is not shown, and nothing is committed", async () => {
    write("evil\n");
    const head = git(tree, "rev-parse", "HEAD");
    const file = swap(idOf("evil\n"), "blob", harmless);
    await expect(repos().changes("app")).rejects.toMatchObject(corrupt);
    rmSync(file);
    const shown = await repos().changes("app");
    expect(shown.text).toContain("-one\n+evil\n");
    // And between the card and the yes.
    swap(idOf("evil\n"), "blob", harmless);
    await expect(repos().commit("app", shown, "m", "Ann")).rejects.toMatchObject(corrupt);
    expect(git(tree, "rev-parse", "HEAD")).toBe(head);
  });

  it("nor is one of an alternate store, or of a pack whose index has another name for it", async () => {
    write("evil\n");
    const evil = idOf("evil\n");
    const other = join(folder, "other");
    swap(evil, "blob", harmless, other);
    writeFileSync(join(clone, ".git/objects/info/alternates"), `${other}\n`);
    await expect(repos().changes("app")).rejects.toMatchObject(corrupt);
    rmSync(join(clone, ".git/objects/info/alternates"));
    const base = join(clone, ".git/objects/pack/pack");
    const name = fed(`${stored(harmless)}\n`, "pack-objects", "-q", base)
      .toString()
      .trim();
    const index = readFileSync(`${base}-${name}.idx`);
    const id = Buffer.from(evil, "hex");
    for (let byte = 0; byte < 256; byte += 1) index.writeUInt32BE(byte >= (id[0] ?? 0) ? 1 : 0, 8 + 4 * byte);
    id.copy(index, 8 + 4 * 256);
    chmodSync(`${base}-${name}.idx`, 0o600);
    writeFileSync(`${base}-${name}.idx`, index);
    expect(contentOf("blob", evil).toString()).toBe(harmless.toString());
    await expect(repos().changes("app")).rejects.toMatchObject(corrupt);
  });

  it("a folder or a commit in whose place something else stands is not shown", async () => {
    write("evil\n");
    const { tree: now, head } = await repos().changes("app");
    const before = git(tree, "rev-parse", "HEAD^{tree}").trim();
    const [folderOfNow, folderBefore] = [contentOf("tree", now), contentOf("tree", before)];
    swap(now, "tree", folderBefore);
    await expect(repos().changes("app")).rejects.toMatchObject(refused);
    swap(now, "tree", folderOfNow);
    const commit = contentOf("commit", head);
    swap(head, "commit", Buffer.from(commit.toString().replace(before, now)));
    await expect(repos().changes("app")).rejects.toMatchObject(refused);
    swap(head, "commit", commit);
    expect((await repos().changes("app")).text).toContain("+evil");
  });

  it("two files of one name in a folder are not shown as one", async () => {
    const entry = (id: string) => Buffer.concat([Buffer.from("100644 a.txt\0"), Buffer.from(id, "hex")]);
    const twice = Buffer.concat([entry(stored("evil\n")), entry(stored(harmless))]);
    const bad = fed(twice, "hash-object", "-w", "-t", "tree", "--literally", "--stdin").toString().trim();
    const head = git(tree, "rev-parse", "HEAD").trim();
    const commit = fed("m", "commit-tree", bad, "-p", head).toString().trim();
    git(tree, "update-ref", "HEAD", commit, head);
    await expect(repos().outgoing("app", "x")).rejects.toMatchObject(refused);
  });

  it("replaced objects, grafts and a false end of the history hide nothing of a push", async () => {
    for (const name of ["hidden", "seen"]) {
      write(`${name}\n`, `${name}.txt`);
      await repos().commit("app", await repos().changes("app"), `add ${name}`, "Ann");
    }
    const [seen = "", hidden = "", first = ""] = git(tree, "log", "--format=%H").trim().split("\n");
    fed("", "replace", hidden, first);
    fed("", "replace", idOf("hidden\n"), stored(harmless));
    mkdirSync(join(clone, ".git/info"), { recursive: true });
    writeFileSync(join(clone, ".git/info/grafts"), `${seen} ${first}\n`);
    writeFileSync(join(clone, ".git/shallow"), `${seen}\n`);
    const outgoing = await repos().outgoing("app", "x");
    expect(outgoing.commits.map((line) => line.slice(11))).toEqual(["add seen", "add hidden"]);
    expect(outgoing.text).toContain("+hidden\n");
  });

  it("a commit of a push whose file was swapped is not left out", async () => {
    for (const name of ["hidden", "seen"]) {
      write(`${name}\n`, `${name}.txt`);
      await repos().commit("app", await repos().changes("app"), `add ${name}`, "Ann");
    }
    const [seen = "", hidden = "", first = ""] = git(tree, "log", "--format=%H").trim().split("\n");
    swap(seen, "commit", Buffer.from(contentOf("commit", seen).toString().replace(hidden, first)));
    await expect(repos().outgoing("app", "x")).rejects.toMatchObject(refused);
  });

  it("what is swapped after a push was shown does not arrive", async () => {
    write("evil\n");
    await repos().commit("app", await repos().changes("app"), "m", "Ann");
    const outgoing = await repos().outgoing("app", "x");
    expect(outgoing.text).toContain("+evil\n");
    swap(idOf("evil\n"), "blob", harmless);
    await expect(repos().push("app", outgoing, "x")).rejects.toMatchObject(refused);
    expect(git(join(folder, "origin.git"), "branch", "--list", "x")).toBe("");
  });

  it("attributes, filters, hooks, watchers and included settings change nothing, and no program of theirs runs", async () => {
    const ran = join(folder, "ran");
    const evil = join(folder, "evil");
    writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${ran}\necho harmless\n`, { mode: 0o755 });
    const attributes = "* diff=evil filter=evil merge=evil -text ident\n";
    mkdirSync(join(clone, ".git/info"), { recursive: true });
    writeFileSync(join(clone, ".git/info/attributes"), attributes);
    writeFileSync(join(folder, "attributes"), attributes);
    writeFileSync(join(folder, "included"), `[diff]\n\texternal = ${evil}\n[core]\n\tsshCommand = ${evil}\n`);
    appendFileSync(join(clone, ".git/config"), `[include]\n\tpath = ${folder}/included\n`);
    const set: Record<string, string> = {
      "core.attributesFile": join(folder, "attributes"),
      "core.fsmonitor": evil,
      "core.hooksPath": join(folder, "hooks"),
      "core.pager": evil,
      "commit.gpgSign": "true",
      "gpg.program": evil,
      "diff.evil.textconv": evil,
      "diff.evil.command": evil,
      "filter.evil.clean": evil,
      "filter.evil.smudge": evil,
      "filter.evil.process": evil,
      "filter.evil.required": "true",
    };
    for (const [name, value] of Object.entries(set)) git(clone, "config", name, value);
    mkdirSync(join(folder, "hooks"));
    for (const hook of ["pre-commit", "reference-transaction", "post-index-change", "pre-push", "fsmonitor-watchman"])
      for (const at of [join(folder, "hooks"), join(clone, ".git/hooks")])
        writeFileSync(join(at, hook), readFileSync(evil), { mode: 0o755 });
    write("evil $Id$\n");
    // Our own git by hand may have run some of them.
    rmSync(ran, { force: true });
    const shown = await repos().changes("app");
    expect(shown.text).toContain("-one\n+evil $Id$\n");
    const commit = await repos().commit("app", shown, "m", "Ann");
    const outgoing = await repos().outgoing("app", "x");
    expect(outgoing.text).toContain("-one\n+evil $Id$\n");
    await repos().push("app", outgoing, "x");
    expect(existsSync(ran)).toBe(false);
    expect(git(join(folder, "origin.git"), "rev-parse", "x").trim()).toBe(commit);
    expect(git(join(folder, "origin.git"), "show", "x:a.txt")).toBe("evil $Id$\n");
  });

  it("a merge of what the remote has had for long is a push of what is new in it", async () => {
    const [first = ""] = git(tree, "log", "--format=%H").trim().split("\n");
    const work = join(folder, "origin-work");
    for (const n of [1, 2, 3]) git(work, "commit", "-q", "--allow-empty", "-m", `on main ${n}`);
    git(work, "push", "-q", join(folder, "origin.git"), "main");
    git(tree, "fetch", "-q", "origin");
    write("new\n", "b.txt");
    await repos().commit("app", await repos().changes("app"), "on the side", "Ann");
    const side = git(tree, "rev-parse", "HEAD").trim();
    const main = git(tree, "rev-parse", "origin/main").trim();
    const merged = git(tree, "commit-tree", "-m", "both", "-p", main, "-p", side, `${side}^{tree}`).trim();
    git(tree, "update-ref", "HEAD", merged, side);
    expect(git(tree, "merge-base", main, side).trim()).toBe(first);
    const outgoing = await repos().outgoing("app", "x");
    expect(outgoing.commits.map((line) => line.slice(11))).toEqual(["both", "on the side"]);
    expect(outgoing).toMatchObject({ from: main, count: 2, files: [{ path: "b.txt", added: 1, removed: 0 }] });
  });

  it("git applies the diff that was shown, and makes of the one tree the other", async () => {
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => `line ${from + n}\n`).join("");
    write(lines(0, 100), "long.txt");
    write("no end", "end.txt");
    write("#!/bin/sh\n", "run.sh");
    write("gone\n", "gone.txt");
    await repos().commit("app", await repos().changes("app"), "m", "Ann");
    write(lines(0, 5) + "new\n" + lines(5, 50) + lines(53, 99) + "last\n", "long.txt");
    write("no end\nmore", "end.txt");
    write("x\n", "ä b.txt");
    write("", "empty.txt");
    chmodSync(join(tree, "run.sh"), 0o755);
    rmSync(join(tree, "gone.txt"));
    const { text, head, tree: now, files } = await repos().changes("app");
    expect(files).toHaveLength(6);
    const copy = join(folder, "copy");
    git(folder, "clone", "-q", clone, copy);
    git(copy, "fetch", "-q", "origin", head);
    git(copy, "reset", "-q", "--hard", head);
    writeFileSync(join(folder, "diff"), text);
    git(copy, "apply", "--index", join(folder, "diff"));
    expect(git(copy, "write-tree").trim()).toBe(now);
  });
});
