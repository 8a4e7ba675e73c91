import { expect, test } from "vitest";
import type { FileTree } from "../files/types.ts";
import { numbered, saveUpload } from "./uploads.ts";

test("D7 the second file of a name gets a number before its ending", () => {
  expect([1, 2, 3].map((n) => numbered("a.tar.gz", n))).toEqual(["a.tar.gz", "a.tar-2.gz", "a.tar-3.gz"]);
  expect(numbered("README", 2)).toBe("README-2");
  expect(numbered(".env", 2)).toBe(".env-2");
  expect(numbered("a.", 2)).toBe("a-2.");
});

/** A tree that holds files by their hash. */
function tree(there: Record<string, string>) {
  const wrote: string[] = [];
  const files = {
    stat: async (path: string) => (there[path] === undefined ? null : { sha256: there[path] }),
    write: async (path: string, _: Uint8Array, { mediaType }: { mediaType: string }) => {
      wrote.push(`${path} ${mediaType}`);
      return { path };
    },
  } as unknown as FileTree;
  return { wrote, save: (name: string) => saveUpload(files, name, "text/plain", new Uint8Array(), "same") };
}

test("D7 the same bytes under one name are one file, others get the next free number", async () => {
  const { wrote, save } = tree({ "uploads/a.txt": "other", "uploads/a-2.txt": "same", "uploads/b.txt": "other" });
  expect(await save("a.txt")).toBe("uploads/a-2.txt");
  expect(wrote).toEqual([]);
  expect(await save("x/b.txt")).toBe("uploads/b-2.txt");
  expect(await save("c.txt")).toBe("uploads/c.txt");
  expect(wrote).toEqual(["uploads/b-2.txt text/plain", "uploads/c.txt text/plain"]);
});

test("D7 the fiftieth file of a name is taken, the next is asked to be renamed", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 49 }, (_, n) => [`uploads/${numbered("a.txt", n + 1)}`, "other"]),
  );
  expect(await tree(many).save("a.txt")).toBe("uploads/a-50.txt");
  await expect(tree({ ...many, "uploads/a-50.txt": "other" }).save("a.txt")).rejects.toMatchObject({
    code: "input.invalid",
    userMessage: expect.stringContaining("50 files named a.txt"),
  });
});
