import { KernelError } from "../errors.ts";

const maxChars = 256;
const maxWildcards = 12;

/**
 * A test for paths by a glob: `**` any folders, `*` anything inside one name, `?` one character; all else is literal.
 * A glob without a slash is about the file's name in any folder. Linear in the path's length for each wildcard, so a
 * glob from a model cannot hang the object (a regular expression made from it could).
 */
export function globTest(glob: string): (path: string) => boolean {
  const stars = glob.match(/\*+|\?/g)?.length ?? 0;
  if (glob === "" || glob.length > maxChars || stars > maxWildcards)
    throw new KernelError(
      "input.invalid",
      `A glob has 1–${maxChars} characters and at most ${maxWildcards} wildcards.`,
    );
  const full = (glob.includes("/") ? glob : `**/${glob}`).normalize("NFC").split("/");
  return (path) => matchSegments(full, path.split("/"));
}

function matchSegments(pattern: readonly string[], names: readonly string[]): boolean {
  // How many names the pattern so far can have eaten.
  let eaten = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    // Any folders: from the fewest on.
    if (part === "**") for (let n = Math.min(...eaten); n <= names.length; n++) next.add(n);
    else
      for (const n of eaten) {
        const name = names[n];
        if (name !== undefined && matchName(part, name)) next.add(n + 1);
      }
    eaten = next;
  }
  return eaten.has(names.length);
}

function matchName(pattern: string, name: string): boolean {
  const p = Array.from(pattern);
  const n = Array.from(name);
  let i = 0;
  let j = 0;
  let star = -1;
  let mark = 0;
  while (j < n.length) {
    if (p[i] === "*") {
      star = i++;
      mark = j;
    } else if (p[i] === "?" || p[i] === n[j]) {
      i++;
      j++;
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars need not be tried again.
      i = star + 1;
      j = ++mark;
    } else return false;
  }
  while (p[i] === "*") i++;
  return i === p.length;
}
