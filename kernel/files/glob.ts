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
  // Row by row over the pattern: reach[i] says whether the pattern so far can have eaten the first i names.
  let reach = names.map(() => false).concat(false);
  reach[0] = true;
  for (const part of pattern) {
    const next = reach.map(() => false);
    for (let i = 0; i <= names.length; i++) {
      if (part === "**") next[i] = (reach[i] ?? false) || (i > 0 && (next[i - 1] ?? false));
      else if (i > 0) next[i] = (reach[i - 1] ?? false) && matchName(part, names[i - 1] ?? "");
    }
    reach = next;
  }
  return reach[names.length] ?? false;
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
    } else if (i < p.length && (p[i] === "?" || p[i] === n[j])) {
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
