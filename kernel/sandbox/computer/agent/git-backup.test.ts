import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitErrorCode, repoName } from "./git.ts";
import { type OpenBox, openBox } from "./open-box.ts";

let open: OpenBox;
beforeAll(async () => {
  open = await openBox();
});
afterAll(() => open[Symbol.asyncDispose]());

const at = (path: string) => join(open.workspace, path);
const sh = (command: string) => open.box.commands.execute(`set -e; ${command}`, "s");

describe("git checkout", () => {
  const id = "-c user.name=T -c user.email=t@example.com";

  test("clones a branch into the folder of its name", async () => {
    const made = await sh(
      `mkdir '../it'"'"'s.git'; cd '../it'"'"'s.git'; git init -qb trunk; echo 1 > f; git add f; git ${id} commit -qm 1; git branch other; cd - >/dev/null`,
    );
    expect(made).toMatchObject({ exitCode: 0 });
    const source = join(open.root, "it's.git");
    expect(await open.box.git.checkout(source, "s")).toMatchObject({
      success: true,
      branch: "trunk",
      targetDir: at("it's"),
    });
    const other = await open.box.git.checkout(`file://${source}`, "s", { branch: "other", targetDir: "o", depth: 1 });
    expect(other).toMatchObject({ branch: "other", targetDir: at("o") });
    expect(readFileSync(at("o/f"), "utf8")).toBe("1\n");
    await expect(open.box.git.checkout(source, "s", { branch: "none", targetDir: "n" })).rejects.toMatchObject({
      code: "GIT_BRANCH_NOT_FOUND",
    });
  });

  test("refuses an address that git would take for something else", async () => {
    for (const url of ["--upload-pack=touch x", "ext::sh -c id", "https://a b", ""])
      await expect(open.box.git.checkout(url, "s")).rejects.toMatchObject({ code: "INVALID_GIT_URL" });
    await expect(open.box.git.checkout(at("nothing-here"), "s")).rejects.toMatchObject({
      code: "GIT_REPOSITORY_NOT_FOUND",
    });
  });

  test("knows names and complaints", () => {
    const urls = ["https://a.example/b/c.git", "git@a.example:b/c.git", "git@a.example:c", "/x/c/", "https://a/b/c"];
    expect(urls.map(repoName)).toEqual(Array(5).fill("c"));
    expect(gitErrorCode("fatal: could not read Username for 'https://x'")).toBe("GIT_AUTH_FAILED");
    expect(gitErrorCode("fatal: unable to access 'https://x/': CONNECT tunnel failed")).toBe("GIT_NETWORK_ERROR");
    expect(gitErrorCode("boom")).toBe("GIT_CLONE_FAILED");
  });
});

describe("a backup", () => {
  test("brings a folder back as it was, and what came since is gone", async () => {
    mkdirSync(at("kept/deep"), { recursive: true });
    writeFileSync(at("kept/deep/a"), "a");
    await sh("cd kept; echo run > x; chmod 755 x; ln -s deep/a link; mkdir skipped; echo s > skipped/s; cd ..");
    const archive = join(open.root, "backups/1.sqsh");
    const made = await open.box.backup.createArchive(at("kept"), archive, "s", { excludes: ["skipped"] });
    expect(made).toMatchObject({ success: true, sizeBytes: statSync(archive).size });
    await sh("cd kept; echo changed > deep/a; rm x; echo new > .new; cd ..");

    expect(await open.box.backup.restoreArchive(at("kept"), archive, "s")).toEqual({ success: true, dir: at("kept") });
    expect(readdirSync(at("kept")).toSorted()).toEqual(["deep", "link", "x"]);
    expect(readFileSync(at("kept/link"), "utf8")).toBe("a");
    expect(statSync(at("kept/x")).mode & 0o777).toBe(0o755);
  });

  test("comes back by the SDK's own command, too", async () => {
    const dir = at("it's kept");
    mkdirSync(dir);
    writeFileSync(join(dir, "f"), "1");
    const archive = join(open.root, "backups/2.sqsh");
    await open.box.backup.createArchive(dir, archive, "s");
    writeFileSync(join(dir, "f"), "2");
    const command = `/usr/bin/unsquashfs -f -d '${dir.replace("'", "'\\''")}' '${archive}'`;
    expect(await open.box.commands.execute(command, "s", { origin: "internal" })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(dir, "f"), "utf8")).toBe("1");
  });

  test("leaves out what git ignores, when asked", async () => {
    await sh("mkdir repo; cd repo; git init -q; echo '*.log' > .gitignore; echo 1 > 'a[1].log'; echo 1 > a; cd ..");
    const archive = join(open.root, "backups/3.sqsh");
    await open.box.backup.createArchive(at("repo"), archive, "s", { gitignore: true });
    await open.box.backup.restoreArchive(at("repo-back"), archive, "s");
    expect(readdirSync(at("repo-back")).toSorted()).toEqual([".git", ".gitignore", "a"]);
  });

  test("that is broken changes nothing, one that cannot be made leaves nothing", async () => {
    mkdirSync(at("safe"));
    writeFileSync(at("safe/f"), "1");
    const broken = join(open.root, "broken.sqsh");
    writeFileSync(broken, "no archive");
    await expect(open.box.backup.restoreArchive(at("safe"), broken, "s")).rejects.toMatchObject({
      code: "BACKUP_RESTORE_FAILED",
    });
    expect(readdirSync(at("safe"))).toEqual(["f"]);
    const archive = join(open.root, "backups/4.sqsh");
    await expect(open.box.backup.createArchive(at("nowhere"), archive, "s")).rejects.toMatchObject({
      code: "BACKUP_CREATE_FAILED",
    });
    expect(existsSync(archive)).toBe(false);
  });
});
