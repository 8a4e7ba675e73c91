import { corrupt, hex, type IdChars } from "./objects.ts";

/*
 * Commits and trees of git, from their own bytes. Read as strictly as they can be: what two programs could read in two
 * ways is refused.
 */

export interface Commit {
  tree: string;
  parents: string[];
  /** The first line of its message. */
  subject: string;
}

export function readCommit(bytes: Uint8Array): Commit {
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes);
  const cut = text.indexOf("\n\n");
  const [first = "", ...rest] = (cut < 0 ? text : text.slice(0, cut)).split("\n");
  const tree = /^tree ([0-9a-f]{40,64})$/.exec(first)?.[1];
  if (tree === undefined) throw corrupt("One of its commits has no tree.");
  const parents: string[] = [];
  for (const line of rest) {
    const parent = /^parent ([0-9a-f]{40,64})$/.exec(line)?.[1];
    if (parent === undefined) break;
    parents.push(parent);
  }
  const message = cut < 0 ? "" : text.slice(cut + 2).trimStart();
  return { tree, parents, subject: message.split("\n", 1)[0] ?? "" };
}

export interface TreeEntry {
  /** "100644", "100755", "120000" a link, "160000" another repo's commit, "40000" a folder. */
  mode: string;
  id: string;
}

export const isFolder = ({ mode }: TreeEntry): boolean => mode === "40000";

/** Names are bytes, one sign for each: a name need be no UTF-8. */
export type ByteText = string;

const step = 8_192;
/** One sign for each byte, so that no two texts of bytes are the same. */
export function byteText(bytes: Uint8Array): ByteText {
  const parts: string[] = [];
  for (let at = 0; at < bytes.byteLength; at += step) parts.push(String.fromCharCode(...bytes.subarray(at, at + step)));
  return parts.join("");
}

const modes = /^(?:100644|100755|100664|120000|160000|40000)$/;
const refusedName = /^(?:|\.|\.\.|\.git)$|\//i;

export function readTree(bytes: Uint8Array, idChars: IdChars): Map<ByteText, TreeEntry> {
  const entries = new Map<ByteText, TreeEntry>();
  const idBytes = idChars / 2;
  for (let at = 0; at < bytes.byteLength;) {
    const space = bytes.indexOf(32, at);
    const nul = bytes.indexOf(0, at);
    if (space < 0 || nul < space || nul + 1 + idBytes > bytes.byteLength)
      throw corrupt("One of its folders ends in the middle.");
    const mode = byteText(bytes.subarray(at, space));
    const name = byteText(bytes.subarray(space + 1, nul));
    // Two things of one name: one would be shown and the other checked out.
    if (!modes.test(mode) || refusedName.test(name) || entries.has(name))
      throw corrupt("One of its folders holds what git itself would refuse.");
    entries.set(name, { mode, id: hex(bytes.subarray(nul + 1, nul + 1 + idBytes)) });
    at = nul + 1 + idBytes;
  }
  return entries;
}
