/** What a box keeps from one command to the next: plain data, so that it crosses RPC and is stored as bytes. */
export type KeptEntry =
  | { kind: "file"; path: string; mode: number; changedAt: number; bytes: Uint8Array }
  | { kind: "folder"; path: string; mode: number; changedAt: number }
  | { kind: "link"; path: string; target: string };

/** The folders that are kept. All else outside of /r2 is made anew for every command. */
export const keptRoots = ["/workspace", "/home/box", "/tmp"] as const;

export const isKept = (path: string): boolean => keptRoots.some((root) => path === root || path.startsWith(`${root}/`));

/** One row of the table before the bytes: path, kind, mode, time; for a file its size, for a link its target. */
export type Row = [path: string, kind: "f" | "d" | "l", mode: number, changedAt: number, rest: number | string];

/**
 * A tree as bytes: the length of a JSON table (32 bits, big-endian), the table, then the files' bytes in its order.
 * Entries go by path, so equal trees are equal bytes.
 */
export function packTree(entries: readonly KeptEntry[]): Uint8Array {
  const ordered = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const rows = ordered.map((entry): Row => {
    if (entry.kind === "file") return [entry.path, "f", entry.mode, entry.changedAt, entry.bytes.byteLength];
    if (entry.kind === "folder") return [entry.path, "d", entry.mode, entry.changedAt, 0];
    return [entry.path, "l", 0, 0, entry.target];
  });
  const table = new TextEncoder().encode(JSON.stringify(rows));
  const bodies = ordered.flatMap((entry) => (entry.kind === "file" ? [entry.bytes] : []));
  const packed = new Uint8Array(4 + table.length + bodies.reduce((sum, body) => sum + body.byteLength, 0));
  new DataView(packed.buffer).setUint32(0, table.length);
  packed.set(table, 4);
  let at = 4 + table.length;
  for (const body of bodies) {
    packed.set(body, at);
    at += body.byteLength;
  }
  return packed;
}

/** The table of a packed tree, as it is written there, and where the bytes begin. Throws when there is none. */
export function tableOf(packed: Uint8Array): { rows: unknown; bodiesAt: number } {
  const length = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(0);
  const bodiesAt = 4 + length;
  if (bodiesAt > packed.byteLength) throw new RangeError("the table is longer than the tree");
  return { rows: JSON.parse(new TextDecoder().decode(packed.subarray(4, bodiesAt))), bodiesAt };
}

/** A tree from its rows, which were checked or are our own. Throws when the bytes do not fit them. */
export function entriesOf(packed: Uint8Array, rows: readonly Row[], bodiesAt: number): KeptEntry[] {
  let at = bodiesAt;
  const entries = rows.map(([path, kind, mode, changedAt, rest]): KeptEntry => {
    if (kind === "d") return { kind: "folder", path, mode, changedAt };
    if (kind === "l") return { kind: "link", path, target: String(rest) };
    const bytes = packed.subarray(at, at + Number(rest));
    at += Number(rest);
    return { kind: "file", path, mode, changedAt, bytes };
  });
  if (at !== packed.byteLength) throw new RangeError("the bytes are not what the table says");
  return entries;
}
