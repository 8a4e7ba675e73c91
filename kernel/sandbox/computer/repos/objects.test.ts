import { expect, test } from "vitest";
import { objectId, Objects } from "./objects.ts";
import { readCommit, readTree } from "./read-object.ts";
import { outgoingRange } from "./range.ts";

const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
/** As `git cat-file --batch` writes them, under whatever name. */
const batch = (...all: { name: string; kind: string; content: string }[]) =>
  bytes(all.map(({ name, kind, content }) => `${name} ${kind} ${content.length}\n${content}\n`).join(""));

test("an object's id is git's own", async () => {
  expect(await objectId("blob", bytes("one\n"), 40)).toBe("5626abf0f72e58d7a153368ba57db4c673c0e171");
  expect(await objectId("tree", new Uint8Array(), 40)).toBe("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  expect(await objectId("blob", bytes("one\n"), 64)).toMatch(/^[0-9a-f]{64}$/);
});

test("an object is known by what it holds, and not by what the box calls it", async () => {
  const name = "5626abf0f72e58d7a153368ba57db4c673c0e171";
  const lied = await Objects.read(batch({ name, kind: "blob", content: "harmless\n" }), 40);
  expect(() => lied.get("blob", name)).toThrow(expect.objectContaining({ code: "repo.corrupt" }));
  const told = await Objects.read(batch({ name: "0".repeat(40), kind: "blob", content: "one\n" }), 40);
  expect(new TextDecoder().decode(told.get("blob", name))).toBe("one\n");
  expect(() => told.get("tree", name)).toThrow(expect.objectContaining({ code: "repo.corrupt" }));
});

test("what is missing or cut off is missed by who needs it; what stands before it is there", async () => {
  const one = batch({ name: "0".repeat(40), kind: "blob", content: "one\n" });
  const id = "5626abf0f72e58d7a153368ba57db4c673c0e171";
  for (const tail of [`${"1".repeat(40)} missing\n`, `${"1".repeat(40)} blob 900\nonly this`, "no header"]) {
    const objects = await Objects.read(bytes(String.fromCharCode(...one) + tail), 40);
    expect(objects.has("blob", id)).toBe(true);
  }
  const cut = await Objects.read(one.subarray(0, one.length - 3), 40);
  expect(cut.has("blob", id)).toBe(false);
});

const id = (n: number) => String.fromCharCode(n).repeat(20);

test("a folder is read as git reads it, and one that git would refuse is refused", () => {
  const good = `100644 a\0${id(1)}40000 b\0${id(2)}120000 c\0${id(3)}160000 d\0${id(4)}`;
  expect([...readTree(bytes(good), 40)].map(([name, { mode }]) => `${name} ${mode}`)).toEqual([
    "a 100644",
    "b 40000",
    "c 120000",
    "d 160000",
  ]);
  const bad = [
    `100644 a\0${id(1)}100644 a\0${id(2)}`,
    `100644 a\0${id(1)}40000 a\0${id(2)}`,
    `100644 .git\0${id(1)}`,
    `40000 .GIT\0${id(1)}`,
    `40000 ..\0${id(1)}`,
    `100644 a/b\0${id(1)}`,
    `100644 \0${id(1)}`,
    `777 a\0${id(1)}`,
    `0100644 a\0${id(1)}`,
    `100644 a\0${id(1).slice(1)}`,
    `100644 a`,
    `a\0${id(1)}`,
  ];
  for (const tree of bad)
    expect(() => readTree(bytes(tree), 40), JSON.stringify(tree)).toThrow(
      expect.objectContaining({ code: "repo.corrupt" }),
    );
});

const hexId = (digit: string) => digit.repeat(40);

test("a commit's tree and parents are its first lines, and nothing further on", () => {
  const text = `tree ${hexId("a")}\nparent ${hexId("b")}\nparent ${hexId("c")}\nauthor A <a> 1 +0000\nparent ${hexId("d")}\n\nparent ${hexId("e")}\nmore`;
  expect(readCommit(bytes(text))).toEqual({
    tree: hexId("a"),
    parents: [hexId("b"), hexId("c")],
    subject: `parent ${hexId("e")}`,
  });
  expect(() => readCommit(bytes(`author A\ntree ${hexId("a")}\n\n`))).toThrow();
});

/** Commits by their messages, each on the ones before. */
async function history(...all: { message: string; on: string[] }[]) {
  const ids = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const { message, on } of all) {
    const parents = on.map((one) => `parent ${ids.get(one) ?? ""}\n`).join("");
    const text = `tree ${hexId("a")}\n${parents}author A <a> 1 +0000\n\n${message}\n`;
    ids.set(message, await objectId("commit", bytes(text), 40));
    texts.set(message, text);
  }
  const of = (message: string) => ids.get(message) ?? "";
  const given = (...messages: string[]) =>
    Objects.read(
      batch(...messages.map((one) => ({ name: of(one), kind: "commit", content: texts.get(one) ?? "" }))),
      40,
    );
  return { of, given };
}

test("what a push brings is each commit between its head and what the remote has", async () => {
  const { of, given } = await history(
    { message: "old", on: [] },
    { message: "base", on: ["old"] },
    { message: "theirs", on: ["base"] },
    { message: "side", on: ["old"] },
    { message: "ours", on: ["base", "side"] },
  );
  const range = outgoingRange(await given("ours", "side", "theirs", "base"), of("ours"), of("theirs"));
  expect(range.commits.map(({ subject }) => subject)).toEqual(["ours", "side"]);
  expect(range.meets).toEqual(new Set([of("base"), of("old")]));
  const all = outgoingRange(await given("ours", "side", "base", "old"), of("ours"), null);
  expect(all.commits).toHaveLength(4);
});

test("a commit that is kept back, and a history that does not meet the remote's, are refused", async () => {
  const { of, given } = await history(
    { message: "base", on: [] },
    { message: "hidden", on: ["base"] },
    { message: "ours", on: ["hidden"] },
    { message: "elsewhere", on: [] },
  );
  const corrupt = expect.objectContaining({ code: "repo.corrupt" });
  const [kept, whole] = [await given("ours", "base"), await given("ours", "hidden", "base", "elsewhere")];
  expect(() => outgoingRange(kept, of("ours"), of("base"))).toThrow(corrupt);
  expect(() => outgoingRange(kept, of("ours"), null)).toThrow(corrupt);
  expect(() => outgoingRange(whole, of("ours"), of("elsewhere"))).toThrow(corrupt);
});
