import { describe, expect, it } from "vitest";
import { type FileChange, onFileChange } from "../../kernel/files/changes.ts";
import { fileMigrations, migrate } from "../../kernel/files/migrate.ts";
import { fileTree } from "../../kernel/files/tree.ts";
import { openSync, StoredBases } from "../../kernel/sandbox/computer/sync/index.ts";
import migrations from "../../kernel/sandbox/computer/sync/migrations/migrations.js";
import { type Box, BoxName } from "../../kernel/sandbox/computer/types.ts";
import { atDesk, bindings, otherThread, thread, turn } from "./desk.ts";

const person = (name: string) => `slack:T1:U-${name}` as Parameters<typeof atDesk>[0];
const base = { etag: "e", sha256: "s", sizeBytes: 3, changedAt: null, seenAt: 0 };

describe("what is remembered of a box", () => {
  it("is there for the next object of the person, box by box, and is forgotten with the disk", async () => {
    await atDesk(person("bases"), async (_tree, storage) => {
      await migrate(storage, [fileMigrations, migrations]);
      const main = new StoredBases(storage, "main");
      const lab = new StoredBases(storage, "lab");
      main.begin({ mark: "one", since: 5 });
      lab.begin({ mark: "two", since: 6 });
      main.put("home/a", base);
      main.put("home/a", { ...base, sha256: "t", changedAt: 9 });
      lab.put("home/a", base);
    });
    await atDesk(person("bases"), async (_tree, storage) => {
      const main = new StoredBases(storage, "main");
      expect(main.mark()).toEqual({ mark: "one", since: 5 });
      expect([...main.all()]).toEqual([["home/a", { ...base, sha256: "t", changedAt: 9 }]]);
      main.drop("home/a");
      expect(main.all().size).toBe(0);
      main.put("home/b", base);
      main.begin({ mark: "three", since: 7 });
      expect(main.all().size).toBe(0);
      main.forget();
      expect(main.mark()).toBeNull();
      expect([...new StoredBases(storage, "lab").all().keys()]).toEqual(["home/a"]);
    });
  });
});

describe("who hears of a change", () => {
  it("every write, removal and move of the person's object, once it is in the index; nobody's after the end", async () => {
    await atDesk(person("hears"), async (tree, storage) => {
      const heard: FileChange[] = [];
      const end = onFileChange(storage, (change) => heard.push(change));
      const a = await tree.write("home/a", "one");
      await tree.write("home/a", "one");
      const b = await tree.move("home/a", "home/b");
      const shared = await tree.write("thread/t", "ours");
      await tree.remove("thread/t");
      await tree.remove("home/b");
      end();
      await tree.write("home/c", "quiet");
      expect(heard).toEqual([
        { path: "home/a", thread: null, etag: a.etag },
        { path: "home/b", thread: null, etag: b.etag },
        { path: "home/a", thread: null, etag: null },
        { path: "thread/t", thread, etag: shared.etag },
        { path: "thread/t", thread, etag: null },
        { path: "home/b", thread: null, etag: null },
      ]);
    });
  });
});

/** A box of files alone, without a shell: what the sync's scripts do is done here by their names. */
function filesOnly(files: Map<string, { bytes: Uint8Array; changedAt: number }>): Box {
  const refuse = () => Promise.reject(new Error("not in this box"));
  return {
    kind: "jail",
    async exec({ command }) {
      const lines = command.slice(command.indexOf("<<'")).split("\n").slice(2, -2);
      const said: string[] = [];
      if (command.includes("echo known")) said.push("fresh");
      for (const [index, line] of lines.entries()) {
        const [, token, rel] = /^put \S+ (\S+) (.+)$/.exec(line) ?? [];
        const staged = files.get(`/r2/.deckhand/in/${token}`);
        if (!staged || !rel) continue;
        files.delete(`/r2/.deckhand/in/${token}`);
        files.set(`/r2/${rel}`, staged);
        said.push(`${index + 1} done`);
      }
      return { exitCode: 0, stdout: said.join("\n"), stderr: "", wallMs: 0, limits: [] };
    },
    start: refuse,
    processes: refuse,
    logs: refuse,
    kill: refuse,
    read: async (path) => files.get(path)?.bytes ?? null,
    write: async (path, bytes) => void files.set(path, { bytes, changedAt: 1 }),
    remove: async (path) => void files.delete(path),
    list: async () => [...files].map(([path, { bytes, changedAt }]) => ({ path, sizeBytes: bytes.length, changedAt })),
    watch: refuse,
    listening: refuse,
    snapshot: refuse,
    restore: refuse,
    allow: refuse,
    destroy: refuse,
  };
}

it("a box that is synced over the real tree: versions from it have their author, conditions hold, threads stay apart", async () => {
  const user = person("synced");
  const files = new Map<string, { bytes: Uint8Array; changedAt: number }>();
  await atDesk(user, async (tree, storage) => {
    await migrate(storage, [fileMigrations, migrations]);
    const parts = { bucket: bindings.FILES, storage, user, now: Date.now };
    const sync = openSync({
      user,
      name: BoxName.parse("main"),
      box: filesOnly(files),
      bases: new StoredBases(storage, "main"),
      files: (scope) => fileTree({ ...parts, ...scope }),
      onFileChange: (listener) => onFileChange(storage, listener),
      now: Date.now,
    });
    await tree.write("home/a", "from the tool");
    await fileTree({ ...parts, thread: otherThread, turn }).write("thread/theirs", "secret");
    const { env } = await sync.before({ thread, turn });
    const folder = env["DECKHAND_THREAD_FILES"] ?? "";
    expect(new TextDecoder().decode(files.get("/r2/home/a")?.bytes)).toBe("from the tool");
    expect([...files.values()].some(({ bytes }) => new TextDecoder().decode(bytes) === "secret")).toBe(false);
    files.set("/r2/home/b", { bytes: new TextEncoder().encode("from the box"), changedAt: 2 });
    files.set(`${folder}/c`, { bytes: new TextEncoder().encode("for all"), changedAt: 2 });
    await sync.after({ thread, turn });
    await sync.stop();
    expect((await tree.versions("home/b"))[0]).toMatchObject({
      n: 1,
      author: `${user} via computer:main`,
      thread,
      turn,
    });
    expect((await tree.versions("thread/c"))[0]).toMatchObject({ n: 1, author: `${user} via computer:main` });
    expect((await tree.versions("home/a")).map(({ author }) => author)).toEqual([user]);
  });
});
