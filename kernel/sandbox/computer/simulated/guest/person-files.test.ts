import { describe, expect, it } from "vitest";
import { limits } from "../../../../limits.ts";
import { PersonFiles } from "./person-files.ts";

const caps = { ...limits.computer.simulated, maxOutputChars: 1000 };
const bytes = (text: string) => new TextEncoder().encode(text);

/** The files of a person as the stub answers for them, and what was asked. */
function answering(given: Record<string, string>) {
  const files = new Map(Object.entries(given).map(([path, text]) => [path, { bytes: bytes(text), etag: `${path}-1` }]));
  const asked: string[] = [];
  const refused = (userMessage: string) => ({ ok: false, error: { code: "file.changed", userMessage } });
  const call = async (op: string, ...args: unknown[]): Promise<unknown> => {
    const [path, second, third] = args as [string, unknown, { basedOn?: string } | undefined];
    const after = typeof second === "string" ? second : "";
    asked.push(op === "list" ? `list ${path}${after}` : `${op} ${path}`);
    if (op === "list") {
      const all = [...files].filter(([name]) => name.startsWith(path)).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const from = all.filter(([name]) => name > after);
      const page = from.slice(0, 2).map(([name, file]) => ({ path: name, sizeBytes: file.bytes.byteLength, etag: file.etag, updatedAt: 5 })); // oxfmt-ignore
      return { ok: true, value: { files: page, cursor: from.length > 2 ? (page.at(-1)?.path ?? null) : null } };
    }
    const there = files.get(path);
    if (op === "read") return { ok: true, value: { bytes: there?.bytes } };
    const { basedOn } = (op === "write" ? third : (second as typeof third)) ?? {};
    if (basedOn !== undefined && basedOn !== there?.etag) return refused(`${path} has changed since it was read.`);
    if (op === "remove") files.delete(path);
    else files.set(path, { bytes: second as Uint8Array, etag: `${path}-2` });
    return { ok: true, value: null };
  };
  return { files, asked, person: new PersonFiles(call, caps) };
}

describe("the person's files under a shell", () => {
  it("are listed by the page when a root is looked into, and read when they are", async () => {
    const { person, asked } = answering({ "home/a": "1", "home/b": "22", "home/c": "333", "uploads/x": "4" });
    expect(await person.readdir("/")).toEqual(["home", "sites", "thread", "uploads"]);
    expect(asked).toEqual([]);
    expect(await person.readdir("/home")).toEqual(["a", "b", "c"]);
    expect((await person.stat("/home/c")).size).toBe(3);
    expect(asked).toEqual(["list home/", "list home/home/b"]);
    expect(await person.readFile("/home/c")).toBe("333");
    expect(asked.at(-1)).toBe("read home/c");
    expect(await person.save()).toEqual([]);
    expect(asked).toHaveLength(3);
  });

  it("are written once, what is the same not at all", async () => {
    const { person, asked, files } = answering({ "home/a": "1", "home/b": "2" });
    await person.appendFile("/home/a", "2");
    await person.appendFile("/home/a", "3");
    await person.writeFile("/home/b", "2");
    await person.readFile("/home/b");
    await person.writeFile("/sites/new/index.html", "hi");
    expect(await person.save()).toEqual([]);
    expect(asked.filter((one) => one.startsWith("write")).toSorted()).toEqual(["write home/a", "write home/b", "write sites/new/index.html"]); // oxfmt-ignore
    expect(new TextDecoder().decode(files.get("home/a")?.bytes)).toBe("123");
  });

  it("a move is a new file before it is a removal", async () => {
    const { person, asked } = answering({ "home/a": "1" });
    await person.mv("/home/a", "/home/b");
    await person.save();
    expect(asked.slice(-2)).toEqual(["write home/b", "remove home/a"]);
  });

  it("what has changed meanwhile is not overwritten and not removed, and is named", async () => {
    const { person, files } = answering({ "home/a": "1", "home/b": "2" });
    await person.appendFile("/home/a", "!");
    await person.rm("/home/b");
    for (const path of ["home/a", "home/b"]) files.set(path, { bytes: bytes("theirs"), etag: "other" });
    expect(await person.save()).toEqual(["home/a has changed since it was read.", "home/b has changed since it was read."]); // oxfmt-ignore
    expect(new TextDecoder().decode(files.get("home/b")?.bytes)).toBe("theirs");
  });

  it("hold nothing beside their roots and no links", async () => {
    const { person } = answering({});
    for (const made of [
      person.writeFile("/other", "x"),
      person.mkdir("/etc"),
      person.symlink("/tmp", "/home/x"),
      person.link("/home/a", "/home/b"),
    ])
      // oxfmt-ignore
      await expect(made).rejects.toThrow(/EACCES|EPERM/);
  });
});
