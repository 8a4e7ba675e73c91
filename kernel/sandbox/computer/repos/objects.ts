import { KernelError } from "../../../errors.ts";

export type ObjectKind = "blob" | "tree" | "commit";

/** SHA-1 or SHA-256, as a repo has it. */
export type IdChars = 40 | 64;
export const idCharsOf = (id: string): IdChars => (id.length === 64 ? 64 : 40);

/** An object of git as its id names it: `<kind> <length>\0<bytes>`, hashed. */
export async function objectId(kind: string, bytes: Uint8Array, idChars: IdChars): Promise<string> {
  const head = new TextEncoder().encode(`${kind} ${bytes.byteLength}\0`);
  const whole = new Uint8Array(head.byteLength + bytes.byteLength);
  whole.set(head);
  whole.set(bytes, head.byteLength);
  return hex(new Uint8Array(await crypto.subtle.digest(idChars === 64 ? "SHA-256" : "SHA-1", whole)));
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const newline = 10;
const header = /^[0-9a-f]{40,64} (blob|tree|commit) (\d{1,12})$/;
const maxHeaderBytes = 200;

/**
 * Objects that a box gave, each under the id that we have computed of it ourselves. Git believes the name of a loose
 * object's file, and any program in a box can write there: so what an object is called in the box counts for nothing.
 */
export class Objects {
  readonly #found = new Map<string, Uint8Array>();

  /** Reads what `git cat-file --batch` has written. What is cut off or is nothing of git's is left out. */
  static async read(batch: Uint8Array, idChars: IdChars): Promise<Objects> {
    const objects = new Objects();
    for (let at = 0; at < batch.byteLength;) {
      const end = batch.subarray(at, at + maxHeaderBytes).indexOf(newline);
      if (end < 0) break;
      const line = new TextDecoder().decode(batch.subarray(at, at + end));
      at += end + 1;
      const [, kind = "", size = ""] = header.exec(line) ?? [];
      // `<name> missing`: it is missed by who needs it.
      if (kind === "") continue;
      const bytes = batch.subarray(at, at + Number(size));
      if (bytes.byteLength < Number(size)) break;
      at += bytes.byteLength + 1;
      objects.#found.set(`${kind} ${await objectId(kind, bytes, idChars)}`, bytes);
    }
    return objects;
  }

  has(kind: ObjectKind, id: string): boolean {
    return this.#found.has(`${kind} ${id}`);
  }

  /** @throws KernelError repo.corrupt when the box has nothing that is this */
  get(kind: ObjectKind, id: string): Uint8Array {
    const bytes = this.#found.get(`${kind} ${id}`);
    if (bytes === undefined)
      throw corrupt(`The ${kind} ${id.slice(0, 10)} is missing in it, or what stands in its place is something else.`);
    return bytes;
  }
}

/** What a repo holds is not what it says it is. */
export const corrupt = (what: string): KernelError =>
  new KernelError(
    "repo.corrupt",
    `This repo cannot be believed, so nothing was shown or done. ${what} Look at it with git fsck, or clone it anew.`,
  );
