import { afterEach, describe, expect, test, vi } from "vitest";
import { MemoryBases, MemoryFiles } from "../../../../test/stand-ins/memory-files.ts";
import { type TempBox, tempBox } from "../../../../test/stand-ins/temp-box.ts";
import { ThreadId, TurnId, UserId } from "../../../ids.ts";
import { limits } from "../../../limits.ts";
import { BoxName } from "../types.ts";
import { openSync } from "./index.ts";
import { threadLabel } from "./names.ts";
import type { Sync } from "./types.ts";

const user = UserId.parse("slack:T1:U1");
const thread = ThreadId.parse("slack:T1:C1:1721000000.000100");
const otherThread = ThreadId.parse("slack:T1:C1:1721000000.000200");
const turn = TurnId.parse("turn-1");
const name = BoxName.parse("main");
const exec = { thread, turn };
/** Everything here is told of within moments; a busy machine gets more. */
const soon = { timeout: 20_000, interval: 20 };
vi.setConfig({ testTimeout: 60_000 });

const open: { syncs: Sync[]; boxes: TempBox[] } = { syncs: [], boxes: [] };
afterEach(async () => {
  await Promise.all(open.syncs.splice(0).map((sync) => sync.stop()));
  for (const box of open.boxes.splice(0)) box.close();
});

async function desk(options: { watched?: boolean } = {}) {
  const box = await tempBox(options);
  open.boxes.push(box);
  const files = new MemoryFiles();
  const bases = new MemoryBases();
  const wake = (): Sync => {
    const sync = openSync({
      user,
      name,
      box,
      bases,
      root: box.root,
      files: (scope) => files.tree(scope),
      onFileChange: files.onChange,
      now: Date.now,
    });
    open.syncs.push(sync);
    return sync;
  };
  const sync = wake();
  const tree = files.tree({ thread, turn, author: user });
  /** One command, as the tool runs it. */
  const run = async (command: string, by: Sync = sync, at = exec) => {
    const before = await by.before({ ...at, command });
    const out = await box.bash(command);
    const after = await by.after({ ...at, command });
    return { out, env: before.env, notes: [...before.notes, ...after.notes] };
  };
  return { box, files, bases, sync, wake, tree, run, text: (path: string, at = thread) => files.text(path, at) };
}

describe("both ways", () => {
  test("what the Kernel has is in the box at the first command, what the command writes is with the Kernel after it", async () => {
    const { run, tree, files, text } = await desk();
    await tree.write("home/a/notes.md", "one");
    await tree.write("uploads/in.csv", "1,2");
    expect((await run("cat home/a/notes.md uploads/in.csv")).out).toBe("one1,2");
    const { notes } = await run("echo -n two > home/a/notes.md; mkdir -p sites/s; echo -n hi > sites/s/index.html");
    expect(text("home/a/notes.md")).toBe("two");
    expect(text("sites/s/index.html")).toBe("hi");
    expect(notes).toEqual([]);
    expect(files.versions.at(-1)?.author).toBe("slack:T1:U1 via computer:main");
  });

  test("what the Kernel writes between two commands is in the box at the next one; removals and renames too", async () => {
    const { run, tree } = await desk();
    await tree.write("home/dir/a", "one");
    await tree.write("home/b", "two");
    await run("true");
    await tree.remove("home/dir/a");
    await tree.move("home/b", "home/c");
    await tree.write("home/new", "x");
    expect((await run("find home -mindepth 1 | sort")).out).toBe("home/c\nhome/new\n");
  });

  test("a removal and a rename in the box are with the Kernel, and no version is lost", async () => {
    const { run, tree, text, files } = await desk();
    await tree.write("home/a", "one");
    await tree.write("home/b", "two");
    await run("rm home/a; mv home/b home/c; mv home/c home/d");
    expect([text("home/a"), text("home/b"), text("home/c"), text("home/d")]).toEqual([null, null, null, "two"]);
    expect(files.versions.map((one) => one.text)).toEqual(["one", "two", "two"]);
  });

  test("a thread's files are at threads/<label>, at thread, and in $DECKHAND_THREAD_FILES", async () => {
    const { run, tree, files, text } = await desk();
    await tree.write("thread/plan.md", "ours");
    await files.tree({ thread: otherThread, turn, author: "slack:T1:U2" }).write("thread/plan.md", "theirs");
    const label = await threadLabel(thread);
    const first = await run("cat thread/plan.md; ls threads; echo -n mine > thread/new");
    expect(first.out).toBe(`ours${label}\n`);
    expect(first.env["DECKHAND_THREAD_FILES"]).toMatch(new RegExp(`/threads/${label}$`));
    expect(text("thread/new")).toBe("mine");
    expect(text("thread/new", otherThread)).toBeNull();
    expect((await run("cat thread/plan.md", undefined, { thread: otherThread, turn })).out).toBe("theirs");
  });

  test("a thread that never ran a command here is neither brought nor taken, whatever folder is made for it", async () => {
    const { run, files, text } = await desk();
    await files.tree({ thread: otherThread, turn, author: "slack:T1:U2" }).write("thread/secret", "theirs");
    const label = await threadLabel(otherThread);
    await run(`mkdir -p threads/${label}; echo -n forged > threads/${label}/forged; echo -n x > threads/loose`);
    expect((await run(`ls threads/${label}`)).out).toBe("forged\n");
    expect(text("thread/forged", otherThread)).toBeNull();
    expect(files.paths().filter((path) => path.includes("forged") || path.includes("loose"))).toEqual([]);
  });

  test("the same content again, a touch, and our own writes make no version", async () => {
    const { run, tree, files } = await desk();
    await tree.write("home/a", "one");
    await run("touch home/a; cp home/a home/t; mv home/t home/a");
    await run("true");
    expect(files.versions).toHaveLength(1);
  });

  test("a change of the same size in the same moment as the one before is seen", async () => {
    const { run, text } = await desk({ watched: false });
    await run("echo -n aaa > home/a; touch -d '2026-01-01 00:00:00' home/a");
    await run("echo -n bbb > home/a; touch -d '2026-01-01 00:00:01' home/a");
    expect(text("home/a")).toBe("bbb");
    await run("echo -n ccc > home/b; touch -r home/b /tmp; true");
    await run("t=$(date -Ins -r home/b); echo -n ddd > home/b; touch -d $t home/b");
    expect(text("home/b")).toBe("ddd");
  });
});

describe("conflicts", () => {
  test("both changed: the Kernel's stays at its name, the box's is kept beside it, on both sides", async () => {
    const { run, tree, sync, box, text } = await desk({ watched: false });
    await tree.write("home/a.md", "base");
    await run("true");
    await box.bash("echo -n from-box > home/a.md");
    await tree.write("home/a.md", "from kernel");
    const { notes } = await run("true", sync);
    expect(text("home/a.md")).toBe("from kernel");
    expect(text("home/a (from box main).md")).toBe("from-box");
    expect(await box.bash("cat home/a.md 'home/a (from box main).md'")).toBe("from kernelfrom-box");
    expect(notes.join()).toContain("changed on both sides");
  });

  test("removed on one side and changed on the other: the change wins, both ways", async () => {
    const { run, tree, box, text } = await desk({ watched: false });
    await tree.write("home/a", "one");
    await tree.write("home/b", "two");
    await run("true");
    await box.bash("echo -n changed > home/a; rm home/b");
    await tree.remove("home/a");
    await tree.write("home/b", "changed too");
    await run("true");
    expect([text("home/a"), text("home/b")]).toEqual(["changed", "changed too"]);
    expect(await box.bash("cat home/a home/b")).toBe("changedchanged too");
  });

  test("a write of the Kernel between our look and our write is not run over", async () => {
    const { run, tree, files, text } = await desk({ watched: false });
    await tree.write("home/a", "base");
    await run("true");
    files.meanwhile = async (call) => {
      if (call !== "write") return;
      files.meanwhile = async () => undefined;
      await tree.write("home/a", "in between");
    };
    await run("echo -n box > home/a");
    expect(text("home/a")).toBe("in between");
    expect(text("home/a (from box main)")).toBe("box");
  });
});

describe("while a command runs, and after it", () => {
  test("the Kernel's write is in the box, and the box's with the Kernel, without a command in between", async () => {
    const { sync, tree, box, text } = await desk();
    await sync.before(exec);
    await tree.write("home/a", "kernel");
    await vi.waitFor(async () => expect(await box.bash("cat home/a")).toBe("kernel"), soon);
    await box.bash("echo -n box > home/b");
    await vi.waitFor(() => expect(text("home/b")).toBe("box"), soon);
    await box.bash("mv home/b home/c; rm home/a");
    await vi.waitFor(() => expect([text("home/a"), text("home/b"), text("home/c")]).toEqual([null, null, "box"]), soon);
    await tree.remove("home/c");
    await vi.waitFor(async () => expect(await box.bash("ls home")).toBe(""), soon);
    await sync.after(exec);
  });

  test("what another person writes in the thread is in the box while a command of it runs", async () => {
    const { sync, files, box } = await desk();
    await sync.before(exec);
    const theirs = files.tree({ thread, turn, author: "slack:T1:U2" });
    files.silent = true;
    await theirs.write("thread/a", "theirs");
    await vi.waitFor(async () => expect(await box.bash("cat thread/a")).toBe("theirs"), soon);
    await sync.after(exec);
  });

  test("a box that tells of nothing is looked at while a command runs", async () => {
    const { sync, box, text } = await desk({ watched: false });
    await sync.before(exec);
    await box.bash("echo -n box > home/b");
    await vi.waitFor(() => expect(text("home/b")).toBe("box"), soon);
    await sync.after(exec);
  });

  test("a file that is written all the time gets some versions, not each, and its last content", async () => {
    const { sync, box, text, files } = await desk();
    await sync.before(exec);
    await box.bash("for i in $(seq 1 60); do echo -n $i > home/log; sleep 0.03; done");
    await sync.after(exec);
    expect(text("home/log")).toBe("60");
    expect(files.versions.length).toBeLessThan(10);
  });

  test("when nothing changed, a watched box is asked nothing before a command and listed once after it", async () => {
    const { run, box, tree } = await desk();
    await tree.write("home/a", "x");
    await run("true");
    await vi.waitFor(async () => {
      box.calls.clear();
      await run("true");
      expect(Object.fromEntries(box.calls)).toEqual({ list: 1 });
    }, soon);
  });
});

describe("what does not belong", () => {
  test("links, pipes and folders are left as they are and followed nowhere", async () => {
    const { run, tree, box, text, files } = await desk();
    await tree.write("home/kept", "kept");
    await run("true");
    await run(
      "mkfifo home/pipe; ln -s /etc/passwd home/passwd; ln -s /etc home/etc; mkdir home/folder; rm home/kept; ln -s /etc/hostname home/kept",
    );
    expect(files.paths()).toEqual(["home/kept"]);
    await tree.write("home/kept", "newer");
    await tree.write("home/etc/file", "not into /etc");
    await tree.write("home/folder", "a file");
    await tree.write("home/pipe", "not into the pipe");
    const { notes } = await run("true");
    expect(await box.bash("readlink home/kept; ls -d home/folder; ls /etc/file 2>/dev/null || true")).toBe(
      "/etc/hostname\nhome/folder\n",
    );
    expect(notes.filter((note) => note.includes("in its way"))).toHaveLength(4);
    expect(text("home/kept")).toBe("newer");
    await run("rm -r home/kept home/folder home/pipe home/etc");
    await run("true");
    expect(await box.bash("cat home/kept home/folder home/pipe home/etc/file")).toBe(
      "newera filenot into the pipenot into /etc",
    );
  });

  test("a root that is a link all of a sudden removes nothing", async () => {
    const { run, tree, text } = await desk();
    await tree.write("home/a", "one");
    await tree.write("home/d/b", "two");
    await run("true");
    await run("mv home /tmp/$$-home; ln -s /tmp home");
    expect([text("home/a"), text("home/d/b")]).toEqual(["one", "two"]);
  });

  test("names that no tree has stay in the box and are said once", async () => {
    const { run, files } = await desk();
    const first = await run(
      String.raw`touch 'home/back\slash' $'home/new\nline' $'home/\xff\xfe' 'home/ok'; echo a > $'home/e\u0301'`,
    );
    expect(files.paths()).toEqual(["home/ok"]);
    expect(first.notes.length).toBeGreaterThanOrEqual(3);
    expect((await run("true")).notes).toEqual([]);
  });

  test("a file over the limit stays in the box, and the version before it with the Kernel", async () => {
    const { run, tree, text } = await desk();
    await tree.write("home/big", "small once");
    await run("true");
    const { notes } = await run(`truncate -s ${limits.files.maxBytes + 1} home/big home/other`);
    expect(notes.join("\n")).toContain("/r2/home/big is larger than 25 MB");
    expect(text("home/big")).toBe("small once");
    expect(text("home/other")).toBeNull();
    await run("echo -n small again > home/big");
    expect(text("home/big")).toBe("small again");
  });

  test("what a box is not given is named in a file, and given to a command that names it", async () => {
    const { run, tree, files, box } = await desk();
    files.now = () => 1_000;
    for (let n = 0; n < 4; n++) await tree.write(`home/big-${n}`, new Uint8Array(20 * 1024 * 1024).fill(n));
    files.now = () => Date.now();
    const { notes, out } = await run("cat NOT-HERE.txt; ls home");
    expect(notes.join("\n")).toContain("2 files are not in /r2");
    const [missing] = /\/r2\/home\/big-\d/.exec(out) ?? [];
    const path = missing?.replace("/r2/", "") ?? "";
    expect((await run(`stat -c %s ${box.root}/${path}`)).out).toBe(`${20 * 1024 * 1024}\n`);
    await tree.write("home/new", "always");
    expect((await run("cat home/new")).out).toBe("always");
    expect(files.paths()).toHaveLength(5);
  });
});

describe("restarts", () => {
  test("a box that was changed while nobody watched is compared with what was agreed on", async () => {
    const { run, tree, sync, wake, box, text } = await desk();
    await tree.write("home/a", "one");
    await tree.write("home/b", "two");
    await tree.write("home/c", "three");
    await run("true");
    await sync.stop();
    await box.bash("echo -n box > home/a; rm home/b");
    await tree.write("home/c", "kernel");
    expect((await run("cat home/a home/c", wake())).out).toBe("boxkernel");
    expect([text("home/a"), text("home/b"), text("home/c")]).toEqual(["box", null, "kernel"]);
  });

  test("a box with another disk gets everything again, and nothing is taken for removed", async () => {
    const { run, tree, sync, wake, box, text } = await desk();
    await tree.write("home/a", "one");
    await run("echo -n two > home/b");
    await sync.stop();
    await box.reset();
    expect((await run("cat home/a home/b", wake())).out).toBe("onetwo");
    // And when it happens in the middle of a command.
    await box.reset();
    await sync.after(exec);
    expect([text("home/a"), text("home/b")]).toEqual(["one", "two"]);
  });

  test("a disk that is lost in the middle of a command removes nothing", async () => {
    const { run, tree, sync, box, text } = await desk({ watched: false });
    await tree.write("home/a", "one");
    await run("true");
    await sync.before(exec);
    await box.reset();
    await sync.after(exec);
    expect(text("home/a")).toBe("one");
    expect(await box.bash("cat home/a")).toBe("one");
  });

  test("a forgotten box starts anew: equal files are equal, others are kept beside each other", async () => {
    const { run, tree, sync, box, text } = await desk();
    await tree.write("home/same", "same");
    await tree.write("home/a", "kernel");
    await run("true");
    await sync.forget();
    await box.bash("echo -n box > home/a");
    await run("true");
    expect([text("home/same"), text("home/a"), text("home/a (from box main)")]).toEqual(["same", "kernel", "box"]);
  });

  test("an error is a note, and the next command finds everything in step", async () => {
    const { run, tree, box, text } = await desk({ watched: false });
    await tree.write("home/a", "one");
    await run("true");
    const broken = vi.spyOn(box, "list").mockRejectedValue(new Error("the box does not answer"));
    const { notes } = await run("echo -n two > home/b");
    expect(notes.join()).toContain("may be behind after this command");
    broken.mockRestore();
    await tree.write("home/a", "newer");
    expect((await run("cat home/a")).out).toBe("newer");
    expect(text("home/b")).toBe("two");
  });
});
