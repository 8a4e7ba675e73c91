import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FilesApi } from "./api-types.ts";
import { agentLimits } from "./limits.ts";
import { collect, events, type OpenBox, openBox } from "./open-box.ts";

let open: OpenBox;
let files: FilesApi;
beforeAll(async () => {
  open = await openBox();
  // capnweb loses the overloads.
  files = open.box.files as unknown as FilesApi;
});
afterAll(() => open[Symbol.asyncDispose]());

const at = (path: string) => join(open.workspace, path);
const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.concat(await collect(stream));

describe("files of the box", () => {
  test("are written and read as text, with the folders above them", async () => {
    expect(await files.writeFile(at("a/b/c.md"), "ü\n", "s")).toMatchObject({ success: true, path: at("a/b/c.md") });
    expect(await files.readFile(at("a/b/c.md"), "s")).toMatchObject({
      content: "ü\n",
      encoding: "utf-8",
      isBinary: false,
      size: 3,
      mimeType: "text/markdown",
    });
    await files.writeFile(at("a/b/c.md"), "s", "s");
    expect(readFileSync(at("a/b/c.md"), "utf8")).toBe("s");
  });

  test("are written and read as bytes", async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    await files.writeFile(at("raw.bin"), bytes.toString("base64"), "s", { encoding: "base64" });
    expect(readFileSync(at("raw.bin"))).toEqual(bytes);
    expect(await files.readFile(at("raw.bin"), "s")).toMatchObject({
      content: bytes.toString("base64"),
      encoding: "base64",
      isBinary: true,
    });
    expect((await files.readFile(at("raw.bin"), "s", { encoding: "base64" })).content).toBe(bytes.toString("base64"));
  });

  test("stream both ways, whatever their size, byte for byte", async () => {
    const block = Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => index % 251));
    let sent = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        if ((sent += 1) > 40) controller.close();
        else controller.enqueue(block);
      },
    });
    const written = await files.writeFileStream(at("large.bin"), source, "s");
    expect(written.bytesWritten).toBe(40 * block.length);
    const read = await files.readFile(at("large.bin"), "s", { encoding: "none" });
    expect(read.size).toBe(40 * block.length);
    const all = await bytesOf(read.content);
    expect(all.length).toBe(40 * block.length);
    expect(all.subarray(-block.length).equals(block)).toBe(true);
    await expect(files.readFile(at("large.bin"), "s")).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });

  test("come as the SDK's events, bytes and text", async () => {
    writeFileSync(at("t.txt"), "é".repeat(agentLimits.chunkBytes));
    const told = await collect(events(await files.readFileStream(at("t.txt"), "s")));
    expect(told[0]).toMatchObject({ type: "metadata", isBinary: false, encoding: "utf-8" });
    expect(told.at(-1)).toEqual({ type: "complete", bytesRead: 2 * agentLimits.chunkBytes });
    const chunks = told.filter(({ type }) => type === "chunk").map(({ data }) => String(data));
    expect(chunks.join("")).toBe("é".repeat(agentLimits.chunkBytes));

    const bytes = Buffer.alloc(200_000, 7);
    bytes[0] = 0;
    writeFileSync(at("b.sqsh"), bytes);
    const binary = await collect(events(await files.readFileStream(at("b.sqsh"), "s")));
    expect(binary[0]).toMatchObject({ type: "metadata", isBinary: true, encoding: "base64", size: 200_000 });
    const parts = binary.filter(({ type }) => type === "chunk").map(({ data }) => Buffer.from(String(data), "base64"));
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  test("a reader that goes early leaves no open file", async () => {
    const reader = (await files.readFileStream(at("large.bin"), "s")).getReader();
    await reader.read();
    await reader.cancel();
    const openOnes = async () =>
      (await open.box.commands.execute(`ls -l /proc/${process.pid}/fd | grep -c large.bin`, "fd")).stdout.trim();
    await expect.poll(openOnes, { timeout: 8000 }).toBe("0");
  });

  test("are deleted, renamed, moved, and found", async () => {
    writeFileSync(at("one"), "1");
    await files.renameFile(at("one"), at("two"), "s");
    await files.moveFile(at("two"), at("new/three"), "s");
    expect(await files.exists(at("two"), "s")).toMatchObject({ exists: false });
    expect(await files.exists(at("new/three"), "s")).toMatchObject({ exists: true });
    await files.moveFile(at("new/three"), "/dev/shm/deckhand-agent-test", "s");
    await files.deleteFile("/dev/shm/deckhand-agent-test", "s");
    await expect(files.deleteFile(at("new/three"), "s")).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      details: { path: at("new/three") },
    });
    await expect(files.deleteFile(at("new"), "s")).rejects.toMatchObject({ code: "IS_DIRECTORY" });
  });

  test("are listed, links not followed", async () => {
    mkdirSync(at("tree/.hidden/deep"), { recursive: true });
    writeFileSync(at("tree/x.sh"), "12345");
    chmodSync(at("tree/x.sh"), 0o750);
    writeFileSync(at("tree/.hidden/deep/y"), "");
    symlinkSync("/", at("tree/root"));
    const plain = await files.listFiles(at("tree"), "s");
    expect(plain.files.map(({ name, type }) => [name, type])).toEqual([
      ["root", "symlink"],
      ["x.sh", "file"],
    ]);
    expect(plain.files[1]).toMatchObject({
      absolutePath: at("tree/x.sh"),
      relativePath: "x.sh",
      size: 5,
      mode: "rwxr-x---",
      permissions: { readable: true, writable: true, executable: true },
    });
    const deep = await files.listFiles(at("tree"), "s", { recursive: true, includeHidden: true });
    expect(deep.files.map(({ relativePath }) => relativePath)).toEqual([
      ".hidden",
      ".hidden/deep",
      ".hidden/deep/y",
      "root",
      "x.sh",
    ]);
    await expect(files.listFiles(at("none"), "s")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(files.listFiles(at("tree/x.sh"), "s")).rejects.toMatchObject({ code: "NOT_DIRECTORY" });
  });

  test("folders are made, one or all", async () => {
    await expect(files.mkdir(at("p/q"), "s")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(await files.mkdir(at("p/q"), "s", { recursive: true })).toMatchObject({ success: true, recursive: true });
    await expect(files.mkdir(at("p/q"), "s")).rejects.toMatchObject({ code: "FILE_EXISTS" });
  });

  test("relative paths are where the session is", async () => {
    await open.box.commands.execute("mkdir -p here && cd here", "moved");
    await files.writeFile("file", "x", "moved");
    expect(readFileSync(at("here/file"), "utf8")).toBe("x");
  });

  test("what has no end, or would wait for ever, is refused", async () => {
    await open.box.commands.execute("mkfifo pipe", "s");
    for (const path of ["/dev/zero", at("pipe")])
      await expect(files.readFile(path, "s")).rejects.toMatchObject({ code: "FILESYSTEM_ERROR" });
    await expect(files.readFile(open.workspace, "s")).rejects.toMatchObject({ code: "IS_DIRECTORY" });
    await expect(files.writeFile(open.workspace, "", "s")).rejects.toMatchObject({ code: "IS_DIRECTORY" });
    await expect(files.writeFile(at("pipe"), "", "s")).rejects.toMatchObject({ code: "FILESYSTEM_ERROR" });
    await expect(files.readFile("a\0b", "s")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(files.readFile("", "s")).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    expect((await files.readFile("/proc/self/status", "s")).content).toContain("Name:");
  });
});
