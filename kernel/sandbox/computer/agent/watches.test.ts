import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyOf } from "./glob.ts";
import { events, type OpenBox, openBox } from "./open-box.ts";

let open: OpenBox;
beforeAll(async () => {
  open = await openBox();
});
afterAll(() => open[Symbol.asyncDispose]());

interface Event {
  type: string;
  eventType: string;
  path: string;
  isDirectory: boolean;
}

/** A watch of a folder, and what it tells until a wish comes true. */
async function watchOf(folder: string, options: { recursive?: boolean; include?: string[]; exclude?: string[] } = {}) {
  const path = join(open.workspace, folder);
  mkdirSync(path, { recursive: true });
  const told = events<Event>(await open.box.watch.watch({ path, ...options }));
  expect((await told.next()).value).toMatchObject({ type: "watching", path });
  const seen: string[] = [];
  const word = ({ eventType, path: at }: Event) => `${eventType} ${at.slice(path.length + 1)}`;
  return {
    path,
    seen,
    async until(...wanted: string[]) {
      while (!wanted.every((one) => seen.includes(one))) {
        const { value } = await told.next();
        if (value === undefined || value.type !== "event") throw new Error(`ended: ${JSON.stringify(value)}`);
        seen.push(word(value));
      }
      return seen.splice(0);
    },
    end: () => told.return(undefined),
  };
}

describe("a watched folder", () => {
  test("tells what is made, written, moved and deleted, below it too", async () => {
    const watch = await watchOf("plain");
    writeFileSync(join(watch.path, "a"), "1");
    await watch.until("create a");
    appendFileSync(join(watch.path, "a"), "2");
    await watch.until("modify a");
    renameSync(join(watch.path, "a"), join(watch.path, "b"));
    await watch.until("delete a", "create b");
    mkdirSync(join(watch.path, "x/y/z"), { recursive: true });
    writeFileSync(join(watch.path, "x/y/z/deep"), "");
    await watch.until("create x", "create x/y", "create x/y/z", "create x/y/z/deep");
    renameSync(join(watch.path, "x"), join(watch.path, "w"));
    await watch.until("delete x/y/z/deep", "create w/y/z/deep");
    writeFileSync(join(watch.path, "w/y/z/deep"), "more");
    await watch.until("modify w/y/z/deep");
    rmSync(join(watch.path, "w"), { recursive: true });
    await watch.until("delete w/y/z/deep", "delete w");
    await watch.end();
  });

  test("tells quickly", async () => {
    const watch = await watchOf("quick");
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const from = performance.now();
      writeFileSync(join(watch.path, `f${round}`), "");
      await watch.until(`create f${round}`);
      times.push(performance.now() - from);
    }
    expect(Math.min(...times)).toBeLessThan(300);
    await watch.end();
  });

  test("loses nothing of a tree that is made in one breath, and of a folder that takes another's place", async () => {
    const watch = await watchOf("burst");
    await open.box.commands.execute(
      "for i in {1..20}; do mkdir -p d$i/e; for j in {1..20}; do : > d$i/e/f$j; done; done",
      "s",
      { cwd: watch.path },
    );
    const all = Array.from({ length: 20 }, (_, i) =>
      Array.from({ length: 20 }, (_, j) => `create d${i + 1}/e/f${j + 1}`),
    ).flat();
    const seen = await watch.until(...all);
    expect(seen.filter((one) => all.includes(one)).length).toBe(all.length);
    await open.box.commands.execute("rm -r d1; mkdir -p d1/e; : > d1/e/new", "s", { cwd: watch.path });
    await watch.until("create d1/e/new");
    writeFileSync(join(watch.path, "d1/e/later"), "");
    await watch.until("create d1/e/later");
    await watch.end();
  });

  test("tells what is asked for only, and follows no link", async () => {
    const outside = await watchOf("outside");
    await outside.end();
    const some = await watchOf("some", { include: ["*.ts"] });
    const rest = await watchOf("some", { exclude: ["skip"] });
    symlinkSync(outside.path, join(some.path, "link"));
    mkdirSync(join(some.path, "skip"));
    writeFileSync(join(some.path, "skip/x"), "");
    writeFileSync(join(outside.path, "y"), "");
    writeFileSync(join(some.path, "a.md"), "");
    writeFileSync(join(some.path, "a.ts"), "");
    expect(await some.until("create a.ts")).toEqual(["create a.ts"]);
    expect((await rest.until("create a.ts")).toSorted()).toEqual(["create a.md", "create a.ts", "create link"]);
    const flat = await watchOf("some", { recursive: false });
    writeFileSync(join(some.path, "skip/z"), "");
    writeFileSync(join(some.path, "b.ts"), "");
    expect(await flat.until("create b.ts")).toEqual(["create b.ts"]);
    await Promise.all([some.end(), rest.end(), flat.end()]);
  });

  test("that is not there is not found", async () => {
    const path = join(open.workspace, "nowhere");
    await expect(open.box.watch.watch({ path })).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(open.box.watch.checkChanges({ path })).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

test("whether something changed since is told without a stream", async () => {
  const path = join(open.workspace, "since");
  mkdirSync(path);
  const first = await open.box.watch.checkChanges({ path });
  expect(first).toMatchObject({ success: true, status: "unchanged" });
  const ask = (since: string) => open.box.watch.checkChanges({ path, since });
  expect(await ask(first.version)).toMatchObject({ status: "unchanged", version: first.version });
  writeFileSync(join(path, "new"), "");
  await expect.poll(async () => (await ask(first.version)).status, { timeout: 8000 }).toBe("changed");
  const now = await ask(first.version);
  expect((await ask(now.version)).status).toBe("unchanged");
  expect(await ask("another-start.3")).toMatchObject({ status: "resync", reason: "restarted" });
});

test("patterns fit a path or a name on it", () => {
  const fits = anyOf(["*.ts", "node_modules", "src/**/x?.md"]);
  expect(["a.ts", "b/a.ts", "node_modules/q/w", "src/a/b/x1.md", "src/x1.md"].map(fits)).toEqual(Array(5).fill(true));
  expect(["a.tsx", "node_modulesX", "src/x.md", "(a).ts+"].map(fits)).toEqual(Array(4).fill(false));
});
