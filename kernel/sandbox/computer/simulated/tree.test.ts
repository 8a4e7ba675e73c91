import { describe, expect, it } from "vitest";
import { limits } from "../../../limits.ts";
import { boundedTree, checkedTree } from "./check-tree.ts";
import { type KeptEntry, packTree, tableOf } from "./tree.ts";

const { diskBytes, maxFiles } = limits.computer.simulated;
const file = (path: string, bytes = new Uint8Array([1, 2])): KeptEntry => ({ kind: "file", path, mode: 0o644, changedAt: 5, bytes }); // oxfmt-ignore
const folder: KeptEntry = { kind: "folder", path: "/workspace/é", mode: 0o700, changedAt: 0 };
const link: KeptEntry = { kind: "link", path: "/tmp/link", target: "/workspace/é" };

describe("a box's tree as bytes", () => {
  it("comes back as it was, and equal trees are equal bytes", () => {
    const tree = [link, file("/workspace/é/b", new Uint8Array()), folder, file("/workspace/é/a")];
    expect(checkedTree(packTree(tree))).toEqual([link, folder, file("/workspace/é/a"), file("/workspace/é/b", new Uint8Array())]); // oxfmt-ignore
    expect(packTree(tree.toReversed())).toEqual(packTree(tree));
    expect(checkedTree(packTree([]))).toEqual([]);
  });

  it("is bounded in bytes and in files", () => {
    const full = expect.objectContaining({ code: "limit.disk" });
    const large = [file("/tmp/a", new Uint8Array(diskBytes + 1))];
    const many = Array.from({ length: maxFiles + 1 }, (_, n) => file(`/tmp/${n}`));
    for (const tree of [large, many]) {
      expect(() => boundedTree(tree)).toThrow(full);
      expect(() => checkedTree(packTree(tree))).toThrow(full);
    }
    expect(() => boundedTree(many.slice(1))).not.toThrow();
  });

  const raw = (rows: unknown, bodies = new Uint8Array()) => {
    const table = new TextEncoder().encode(typeof rows === "string" ? rows : JSON.stringify(rows));
    const packed = new Uint8Array(4 + table.length + bodies.length);
    new DataView(packed.buffer).setUint32(0, table.length);
    packed.set(table, 4);
    packed.set(bodies, 4 + table.length);
    return packed;
  };
  it.each([
    ["nothing", new Uint8Array()],
    ["a table longer than all", new Uint8Array([255, 255, 255, 255])],
    ["no JSON", raw("{")],
    ["no rows", raw({ a: 1 })],
    ["a path elsewhere", raw([["/etc/passwd", "f", 0, 0, 0]])],
    ["a path under the person's files", raw([["/r2/home/a", "f", 0, 0, 0]])],
    ["a way up", raw([["/tmp/../etc/a", "f", 0, 0, 0]])],
    ["a NUL", raw([["/tmp/a\0", "f", 0, 0, 0]])],
    ["fewer bytes than it says", raw([["/tmp/a", "f", 0, 0, 3]], new Uint8Array(2))],
    ["more bytes than it says", raw([["/tmp/a", "f", 0, 0, 1]], new Uint8Array(2))],
    ["a size below nothing", raw([["/tmp/a", "f", 0, 0, -1]])],
    ["another kind", raw([["/tmp/a", "x", 0, 0, 0]])],
  ])("%s is no tree", (_, packed) => {
    expect(() => checkedTree(packed)).toThrow(expect.objectContaining({ code: "internal" }));
  });

  it("tells its table before its bytes", () => {
    const packed = packTree([file("/tmp/a")]);
    const { rows, bodiesAt } = tableOf(packed);
    expect(rows).toEqual([["/tmp/a", "f", 0o644, 5, 2]]);
    expect(packed.subarray(bodiesAt)).toEqual(new Uint8Array([1, 2]));
  });
});
