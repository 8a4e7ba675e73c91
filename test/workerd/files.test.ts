import { describe, expect, it } from "vitest";
import { ThreadId } from "../../kernel/ids.ts";
import { FileStore } from "../../kernel/files/store.ts";
import { badPaths } from "./bad-paths.ts";
import { ann, atDesk, bindings, bob, codeOf, otherThread, spied, thread } from "./desk.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const person = (name: string) => `slack:T1:U-${name}` as typeof ann;

describe("paths", () => {
  it("every bad path is refused before R2 is touched", async () => {
    const { bucket, calls } = spied(bindings.FILES);
    await atDesk(
      ann,
      async (tree) => {
        for (const path of badPaths) {
          const tries = [
            () => tree.read(path),
            () => tree.stat(path),
            () => tree.write(path, "x"),
            () => tree.remove(path),
            () => tree.move(path, "home/x"),
            () => tree.move("home/x", path),
            () => tree.versions(path),
            () => tree.readVersion(path, 1),
          ];
          for (const work of tries) expect(await codeOf(work), JSON.stringify(path)).toBe("path.invalid");
          if (!["", "home", "home/"].includes(path)) expect(await codeOf(() => tree.list(path))).toBe("path.invalid");
          if (path) expect(await codeOf(() => tree.list("home", path))).toBe("path.invalid");
        }
      },
      { bucket },
    );
    expect(calls).toEqual([]);
  });
});

describe("a person's own files", () => {
  it("what is written is read back, with its type, size and hash", async () => {
    await atDesk(person("write"), async (tree) => {
      const info = await tree.write("home/notes.md", "grüezi");
      expect(info).toMatchObject({ path: "home/notes.md", version: 1, mediaType: "text/markdown", sizeBytes: 7 });
      const read = await tree.read("home/notes.md");
      expect(text(read.bytes)).toBe("grüezi");
      expect(read.info).toEqual(info);
      expect(await tree.stat("home/notes.md")).toEqual(info);
      expect(text((await tree.read("home/notes.md", { offset: 4, length: 2 })).bytes)).toBe("ez");
      expect((await tree.read("home/notes.md", { offset: 99, length: 2 })).bytes).toHaveLength(0);
      expect(await codeOf(() => tree.read("home/none"))).toBe("file.not_found");
      expect(await tree.stat("home/none")).toBeNull();
    });
  });

  it("keeps every version, its author and its bytes; the same bytes again are no new version", async () => {
    await atDesk(person("versions"), async (tree) => {
      await tree.write("home/a", "one");
      await tree.write("home/a", "two");
      expect((await tree.write("home/a", "two")).version).toBe(2);
      await tree.remove("home/a");
      expect((await tree.write("home/a", "four")).version).toBe(4);
      const versions = await tree.versions("home/a");
      expect(versions.map((one) => [one.n, one.tombstone])).toEqual([
        [4, false],
        [3, true],
        [2, false],
        [1, false],
      ]);
      expect(versions[0]).toMatchObject({ author: "slack:T1:U-versions", thread, turn: "turn-1" });
      expect(text(await tree.readVersion("home/a", 1))).toBe("one");
      expect(await codeOf(() => tree.readVersion("home/a", 3))).toBe("file.not_found");
    });
  });

  it("a write on a stale base is refused and changes nothing", async () => {
    await atDesk(person("stale"), async (tree) => {
      const first = await tree.write("home/a", "one");
      await tree.write("home/a", "two");
      expect(await codeOf(() => tree.write("home/a", "three", { basedOn: first.etag }))).toBe("file.changed");
      expect(await codeOf(() => tree.remove("home/a", { basedOn: first.etag }))).toBe("file.changed");
      expect(await codeOf(() => tree.write("home/new", "x", { basedOn: first.etag }))).toBe("file.changed");
      expect(text((await tree.read("home/a")).bytes)).toBe("two");
    });
  });

  it("twenty writes at once are twenty versions in a row", async () => {
    await atDesk(person("race"), async (tree) => {
      const infos = await Promise.all(Array.from({ length: 20 }, (_, n) => tree.write("home/a", `text ${n}`)));
      expect(infos.map((info) => info.version).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 20 }, (_, n) => n + 1),
      );
      const last = infos.find((info) => info.version === 20);
      expect(await tree.stat("home/a")).toEqual(last);
      expect(await tree.versions("home/a")).toHaveLength(20);
    });
  });

  it("bytes that came to R2 past the tree become a version of their own", async () => {
    await atDesk(person("outside"), async (tree) => {
      await tree.write("home/a", "one");
      await bindings.FILES.put("u/slack:T1:U-outside/home/a", "from a computer");
      expect(await tree.stat("home/a")).toMatchObject({ version: 2, sizeBytes: 15 });
      expect((await tree.versions("home/a"))[0]?.author).toBe("outside");
      expect(text(await tree.readVersion("home/a", 2))).toBe("from a computer");
      await bindings.FILES.delete("u/slack:T1:U-outside/home/a");
      expect(await codeOf(() => tree.read("home/a"))).toBe("file.not_found");
      expect((await tree.list("home")).files).toEqual([]);
      expect((await tree.versions("home/a"))[0]).toMatchObject({ n: 3, tombstone: true });
    });
  });

  it("a write that keeps losing its race to the outside gives up with file.changed", async () => {
    let n = 0;
    const { bucket, calls } = spied(bindings.FILES, async (method, key) => {
      if (method === "put" && key === "u/slack:T1:U-loser/home/a") await bindings.FILES.put(key, `outside ${n++}`);
    });
    await atDesk(
      person("loser"),
      async (tree) => {
        expect(await codeOf(() => tree.write("home/a", "mine"))).toBe("file.changed");
        expect(calls.filter((call) => call.startsWith("put u/"))).toHaveLength(5);
        expect(text((await tree.read("home/a")).bytes)).toBe("outside 4");
      },
      { bucket },
    );
  });

  it("a crash between the object and the index is mended by the next look", async () => {
    const crash = spied(bindings.FILES, async (method, key) => {
      if (method !== "put" || key !== "u/slack:T1:U-crash/home/a") return;
      // The object lands, its answer never comes.
      await bindings.FILES.put(key, "landed", {
        sha256: landed,
        customMetadata: { sha256: landed, author: "slack:T1:U-crash" },
      });
      throw new Error("killed");
    });
    const landed = [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("landed")))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    await atDesk(
      person("crash"),
      async (tree, storage) => {
        await expect(tree.write("home/a", "landed")).rejects.toThrow("killed");
        expect(new FileStore(storage).get("home/a")).toBeNull();
      },
      { bucket: crash.bucket },
    );
    await atDesk(person("crash"), async (tree, storage) => {
      expect((await tree.list("home")).files).toMatchObject([{ path: "home/a", version: 1, sizeBytes: 6 }]);
      expect((await tree.versions("home/a"))[0]?.author).toBe("slack:T1:U-crash");
      expect(text(await tree.readVersion("home/a", 1))).toBe("landed");
      expect(new FileStore(storage).pending(10)).toEqual([]);
    });
  });

  it("a crash before the object leaves the old version standing, and the write can be repeated", async () => {
    await atDesk(person("early"), (tree) => tree.write("home/a", "old"));
    const crash = spied(bindings.FILES, (method, key) => {
      if (method === "put" && String(key).startsWith("u/")) throw new Error("killed");
    });
    await atDesk(person("early"), (tree) => expect(tree.write("home/a", "new")).rejects.toThrow("killed"), {
      bucket: crash.bucket,
    });
    await atDesk(person("early"), async (tree) => {
      expect((await tree.list("")).files).toMatchObject([{ path: "home/a", version: 1 }]);
      expect((await tree.write("home/a", "new")).version).toBe(2);
    });
  });

  it("lists by path, a page at a time, over all roots", async () => {
    await atDesk(person("list"), async (tree) => {
      const own = Array.from({ length: 505 }, (_, n) => `home/f${String(n).padStart(4, "0")}`);
      for (const path of own) await tree.write(path, "x");
      await tree.write("sites/s/index.html", "x");
      await tree.write("uploads/z", "x");
      await tree.write("thread/t", "x");
      const first = await tree.list("");
      expect(first.files).toHaveLength(500);
      const second = await tree.list("", first.cursor ?? "");
      expect(second.cursor).toBeNull();
      const paths = [...first.files, ...second.files].map((info) => info.path);
      expect(paths).toEqual([...own, "sites/s/index.html", "thread/t", "uploads/z"]);
      expect((await tree.list("home/f0001")).files.map((info) => info.path)).toEqual(["home/f0001"]);
      expect((await tree.list("home/f")).files).toEqual([]);
    });
  });

  it("finds by glob and by text", async () => {
    await atDesk(person("find"), async (tree) => {
      await tree.write("home/a.md", "apples\nand Pears\n");
      await tree.write("home/b/c.txt", "pears");
      await tree.write("home/raw.bin", Uint8Array.of(0, 1, 255));
      expect(await tree.find({ glob: "*.md" })).toEqual([{ path: "home/a.md" }]);
      expect(await tree.find({ text: "pears" })).toEqual([
        { path: "home/a.md", line: 2, excerpt: "and Pears" },
        { path: "home/b/c.txt", line: 1, excerpt: "pears" },
      ]);
      expect(await tree.find({ text: "pears", glob: "home/b/**" })).toHaveLength(1);
      expect(await codeOf(() => tree.find({ glob: "*a".repeat(60) }))).toBe("input.invalid");
    });
  });

  it("a move takes the bytes along and never replaces a file", async () => {
    await atDesk(person("move"), async (tree) => {
      await tree.write("home/a.txt", "one");
      await tree.write("home/b.txt", "two");
      expect(await codeOf(() => tree.move("home/a.txt", "home/b.txt"))).toBe("file.changed");
      expect(await codeOf(() => tree.move("home/a.txt", "home/a.txt"))).toBe("input.invalid");
      expect(await tree.move("home/a.txt", "thread/a.md")).toMatchObject({
        path: "thread/a.md",
        mediaType: "text/markdown",
      });
      expect(await tree.stat("home/a.txt")).toBeNull();
      expect(text((await tree.read("thread/a.md")).bytes)).toBe("one");
    });
  });

  it("a file of more than 25 MB is refused by name", async () => {
    await atDesk(person("large"), async (tree) => {
      const { code, userMessage } = await tree.write("home/big.bin", new Uint8Array(25 * 1024 * 1024 + 1)).then(
        () => ({ code: "no error", userMessage: "" }),
        (thrown: { code: string; userMessage: string }) => thrown,
      );
      expect(code).toBe("file.too_large");
      expect(userMessage).toContain("home/big.bin");
      await bindings.FILES.put("u/slack:T1:U-large/home/huge.bin", new Uint8Array(25 * 1024 * 1024 + 1));
      expect(await codeOf(() => tree.read("home/huge.bin"))).toBe("file.too_large");
    });
  });
});

describe("B9 several people in one thread", () => {
  it("share thread/ and nothing else", async () => {
    const thread = ThreadId.parse("slack:T1:C1:1721000000.000777");
    const here = { thread };
    await atDesk(
      ann,
      async (tree) => {
        await tree.write("thread/plan.md", "from Ann");
        await tree.write("home/secret.md", "Ann's");
      },
      here,
    );
    await atDesk(
      bob,
      async (tree) => {
        expect(text((await tree.read("thread/plan.md")).bytes)).toBe("from Ann");
        expect(await codeOf(() => tree.read("home/secret.md"))).toBe("file.not_found");
        expect((await tree.list("")).files.map((info) => info.path)).toEqual(["thread/plan.md"]);
        expect((await tree.write("thread/plan.md", "from Bob")).version).toBe(2);
      },
      here,
    );
    await atDesk(
      ann,
      async (tree) => {
        const versions = await tree.versions("thread/plan.md");
        expect(versions.map((one) => [one.n, one.author])).toEqual([
          [2, bob],
          [1, ann],
        ]);
        expect(text(await tree.readVersion("thread/plan.md", 1))).toBe("from Ann");
      },
      here,
    );
    await atDesk(ann, async (tree) => expect(await tree.stat("thread/plan.md")).toBeNull(), { thread: otherThread });
  });

  it("who writes at once gets a version each, and nobody's is lost", async () => {
    const write = (user: typeof ann, n: number) => atDesk(user, (tree) => tree.write("thread/race", `${user} ${n}`));
    const infos = await Promise.all([write(ann, 1), write(bob, 1), write(ann, 2), write(bob, 2)]);
    expect(infos.map((info) => info.version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    await atDesk(ann, async (tree) => {
      const versions = await tree.versions("thread/race");
      const texts = await Promise.all(versions.map(async (one) => text(await tree.readVersion("thread/race", one.n))));
      expect(texts.toSorted()).toEqual([`${ann} 1`, `${ann} 2`, `${bob} 1`, `${bob} 2`]);
    });
  });

  it("a stale base is refused there too, and a removal counts on", async () => {
    const first = await atDesk(ann, (tree) => tree.write("thread/x", "one"));
    await atDesk(bob, async (tree) => {
      await tree.write("thread/x", "two");
      expect(await codeOf(() => tree.write("thread/x", "three", { basedOn: first.etag }))).toBe("file.changed");
      await tree.remove("thread/x");
      expect(await codeOf(() => tree.read("thread/x"))).toBe("file.not_found");
      expect((await tree.list("thread")).files.map((info) => info.path)).not.toContain("thread/x");
      expect(await codeOf(() => tree.remove("thread/x"))).toBe("file.not_found");
    });
    await atDesk(ann, async (tree) => {
      expect((await tree.write("thread/x", "four")).version).toBe(4);
      expect((await tree.versions("thread/x")).map((one) => [one.n, one.tombstone])).toEqual([
        [4, false],
        [3, true],
        [2, false],
        [1, false],
      ]);
    });
  });

  it("a file in a folder that is also a file's name keeps a history of its own", async () => {
    await atDesk(ann, async (tree) => {
      await tree.write("thread/d", "file");
      await tree.write("thread/d", "file 2");
      await tree.write("thread/d/00000001", "below");
      await tree.write("thread/d/00000001", "below 2");
      expect(await tree.versions("thread/d")).toHaveLength(2);
      expect((await tree.list("thread/d")).files.map((info) => info.path)).toEqual(["thread/d", "thread/d/00000001"]);
    });
  });
});
