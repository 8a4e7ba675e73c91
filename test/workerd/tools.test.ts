import { describe, expect, it } from "vitest";
import { UserId } from "../../kernel/ids.ts";
import { tools } from "../../kernel/tools/index.ts";
import { badPaths } from "./bad-paths.ts";
import { atBench } from "./context.ts";
import { codeOf } from "./desk.ts";

const person = (name: string) => UserId.parse(`slack:T1:U-tool-${name}`);

describe("every tool", () => {
  it("has a name, a description for the model, and asks when it destroys or publishes", () => {
    expect(tools.map((tool) => tool.name).toSorted()).toEqual(
      [
        "ask_person",
        "computer_bash",
        "computer_close_port",
        "computer_destroy",
        "computer_expose_port",
        "computer_list",
        "computer_process",
        "computer_restore",
        "computer_snapshot",
        "computer_use",
        "delete_file",
        "exec_code",
        "find_files",
        "list_files",
        "move_file",
        "post_file",
        "process_attachment",
        "publish_site",
        "read_file",
        "repo_commit",
        "repo_diff",
        "repo_discard",
        "repo_merge",
        "repo_open",
        "repo_push",
        "write_file",
      ].toSorted(),
    );
    for (const tool of tools) expect(tool.description.length).toBeGreaterThan(40);
    const asking = tools.filter((tool) => tool.consent).map((tool) => [tool.name, tool.consent]);
    expect(asking).toEqual([
      ["delete_file", "approve"],
      ["computer_expose_port", "approve"],
      ["computer_restore", "approve"],
      ["computer_destroy", "approve"],
      ["repo_commit", "approve"],
      ["repo_push", "approve"],
      ["repo_discard", "approve"],
      ["publish_site", "approve"],
      ["ask_person", "ask"],
    ]);
  });

  it("refuses a bad path with path.invalid, or already by its schema", async () => {
    await atBench(person("bad"), async ({ run, prepare }) => {
      for (const path of badPaths.filter((one) => one !== "" && one.length < 512)) {
        expect(await codeOf(() => run("read_file", { path })), path).toBe("path.invalid");
        expect(await codeOf(() => run("write_file", { path, content: "x" })), path).toBe("path.invalid");
        expect(await codeOf(() => run("move_file", { from: path, to: "home/x" })), path).toBe("path.invalid");
        expect(await codeOf(() => run("process_attachment", { path })), path).toBe("path.invalid");
        expect(await codeOf(() => run("post_file", { path })), path).toBe("path.invalid");
        expect(await codeOf(() => prepare("delete_file", { path })), path).toBe("path.invalid");
      }
    });
  });
});

describe("file tools", () => {
  it("A9 post_file puts a file of one's own into the thread; nothing that is not there, and nothing empty", async () => {
    await atBench(person("post"), async ({ run }) => {
      await run("write_file", { path: "home/a.csv", content: "a,b\n" });
      const posted = await run("post_file", { path: "home/a.csv", comment: "Here", alt_text: "Two columns" });
      expect(posted.events).toEqual([
        {
          type: "file.posted",
          path: "home/a.csv",
          name: "a.csv",
          mediaType: expect.stringContaining("csv"),
          sizeBytes: 4,
          comment: "Here",
          alt: "Two columns",
        },
      ]);
      expect(await codeOf(() => run("post_file", { path: "home/none.csv" }))).toBe("file.not_found");
      await run("write_file", { path: "home/empty.txt", content: "" });
      expect(await codeOf(() => run("post_file", { path: "home/empty.txt" }))).toBe("file.empty");
    });
  });

  it("write, read in parts, list, find and move", async () => {
    await atBench(person("files"), async ({ run }) => {
      const lines = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`).join("\n");
      const written = await run("write_file", { path: "home/long.txt", content: lines });
      expect(written.detail).toBe("`home/long.txt`, version 1, 230 bytes");
      const part = await run("read_file", { path: "home/long.txt", offset: 3, limit: 2 });
      expect(part.output).toMatchObject({
        text: "line 3\nline 4",
        range: "lines 3–4 of 30",
        next: "There is more: call again with offset 5.",
      });
      expect(await codeOf(() => run("write_file", { path: "home/long.txt", content: "x", basedOn: "old" }))).toBe(
        "file.changed",
      );
      expect((await run("list_files", {})).output).toMatchObject({
        files: expect.arrayContaining([expect.objectContaining({ path: "home/long.txt", version: 1 })]),
        cursor: null,
      });
      expect((await run("find_files", { text: "LINE 30" })).output).toMatchObject({
        matches: [{ path: "home/long.txt", line: 30 }],
      });
      expect(await codeOf(() => run("find_files", {}))).toBe("input.invalid");
      expect((await run("move_file", { from: "home/long.txt", to: "home/b.txt" })).output).toMatchObject({
        path: "home/b.txt",
      });
      expect(await codeOf(() => run("read_file", { path: "home/long.txt" }))).toBe("file.not_found");
    });
  });

  it("reading bytes that are no text says what they are and what to do", async () => {
    await atBench(person("bytes"), async ({ run, tree }) => {
      await tree.write("home/a.pdf", "%PDF-1.7\n\u0000");
      const pdf = await run("read_file", { path: "home/a.pdf" });
      expect(pdf.output).toMatchObject({ text: null, mediaType: "application/pdf" });
      expect(pdf.output["note"]).toContain("process_attachment");
      await tree.write("home/raw.bin", Uint8Array.of(0, 255));
      expect((await run("read_file", { path: "home/raw.bin" })).output["note"]).toContain("exec_code");
    });
  });
});

describe("delete_file", () => {
  it("shows path, size and version, and deletes what was shown", async () => {
    await atBench(person("delete"), async ({ run, prepare, tree }) => {
      await tree.write("home/a.txt", "one");
      const card = await prepare("delete_file", { path: "home/a.txt" });
      expect(card.body).toBe("`home/a.txt` — 3 bytes, version 1");
      expect((await run("delete_file", { path: "home/a.txt" }, card.pinned)).output).toEqual({
        deleted: "home/a.txt",
        version: 1,
      });
      expect(await tree.stat("home/a.txt")).toBeNull();
      expect(await codeOf(() => prepare("delete_file", { path: "home/a.txt" }))).toBe("file.not_found");
    });
  });

  it("keeps the file when it is no longer the one that was approved", async () => {
    await atBench(person("moved-on"), async ({ run, prepare, tree }) => {
      await tree.write("home/a.txt", "one");
      const card = await prepare("delete_file", { path: "home/a.txt" });
      await tree.write("home/a.txt", "two");
      expect(await codeOf(() => run("delete_file", { path: "home/a.txt" }, card.pinned))).toBe("approval.changed");
      // The same bytes again under a later version are not what was shown either.
      await tree.write("home/a.txt", "one");
      expect(await codeOf(() => run("delete_file", { path: "home/a.txt" }, card.pinned))).toBe("approval.changed");
      expect(await codeOf(() => run("delete_file", { path: "home/b.txt" }, card.pinned))).toBe("file.not_found");
      expect(await tree.stat("home/a.txt")).not.toBeNull();
    });
  });
});

describe("publish_site", () => {
  it("shows every file and what happens to it; publishes exactly that", async () => {
    await atBench(person("publish"), async ({ run, prepare, tree }) => {
      await tree.write("sites/tool-site/index.html", "<h1>Hi</h1>");
      await tree.write("sites/tool-site/old.css", "a{}");
      const first = await prepare("publish_site", { slug: "tool-site", title: "Hi" });
      expect(first.title).toBe("Publish “Hi” at /sites/tool-site/?");
      expect(first.body).toContain("- `index.html` — 11 bytes, new");
      const done = await run("publish_site", { slug: "tool-site", title: "Hi" }, first.pinned);
      expect(done.output).toEqual({ url: "https://deckhand.test/sites/tool-site/", version: 1, files: 2 });
      expect(done.events).toEqual([
        {
          type: "site.published",
          slug: "tool-site",
          title: "Hi",
          url: "https://deckhand.test/sites/tool-site/",
          version: 1,
          files: 2,
        },
      ]);
      await tree.write("sites/tool-site/index.html", "<h1>Ho</h1>");
      await tree.remove("sites/tool-site/old.css");
      const second = await prepare("publish_site", { slug: "tool-site" });
      expect(second.body).toContain("- `index.html` — 11 bytes, changed");
      expect(second.body).toContain("- `old.css` — removed");
      await tree.write("sites/tool-site/index.html", "<h1>Sneaky</h1>");
      expect(await codeOf(() => run("publish_site", { slug: "tool-site" }, second.pinned))).toBe("approval.changed");
    });
  });

  it("asks nobody for what could not be published", async () => {
    await atBench(person("unpublishable"), async ({ prepare, tree }) => {
      expect(await codeOf(() => prepare("publish_site", { slug: "nothing-here" }))).toBe("site.not_found");
      expect(await codeOf(() => prepare("publish_site", { slug: "../x" }))).toBe("site.invalid");
      await tree.write("sites/no-index/a.html", "x");
      expect(await codeOf(() => prepare("publish_site", { slug: "no-index" }))).toBe("site.invalid");
    });
  });
});

describe("ask_person", () => {
  const input = { question: "Which colour?", choices: ["Red", "2", "Blue"] };

  it("offers the choices and gives back the one that was made", async () => {
    await atBench(
      person("ask"),
      async ({ run, prepare }) => {
        expect((await prepare("ask_person", input)).choices).toEqual([
          { id: "1", label: "Red" },
          { id: "2", label: "2" },
          { id: "3", label: "Blue" },
        ]);
        expect((await run("ask_person", input)).output).toEqual({ answer: "Blue" });
      },
      { answer: "3" },
    );
    await atBench(
      person("ask"),
      async ({ run }) => expect((await run("ask_person", input)).output).toEqual({ answer: "Red" }),
      {
        answer: "Red",
      },
    );
  });

  it("refuses no answer, one that was not offered, and a question with one choice", async () => {
    await atBench(person("ask-none"), async ({ run }) =>
      expect(await codeOf(() => run("ask_person", input))).toBe("input.invalid"),
    );
    await atBench(
      person("ask-none"),
      async ({ run }) => {
        expect(await codeOf(() => run("ask_person", input))).toBe("input.invalid");
        await expect(run("ask_person", { question: "?", choices: ["a"] })).rejects.toThrow();
        await expect(run("ask_person", { question: "?", choices: ["a", "a"] })).rejects.toThrow("differ");
      },
      { answer: "9" },
    );
  });
});
