import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";

/** The roots a person's tree has, in the order a listing shows them. Nothing exists outside them. */
export const prefixes = ["home", "sites", "thread", "uploads"] as const;
export type Prefix = (typeof prefixes)[number];

/** A path that was checked: the only form in which one reaches SQL or R2. */
export interface TreePath {
  prefix: Prefix;
  /** What follows `<prefix>/`; empty for the root itself, which only a folder can be. */
  rest: string;
  /** `<prefix>/<rest>`, in Unicode's NFC. */
  path: string;
}

/** Of one segment, in UTF-8 bytes: what common file systems take (a computer mounts this tree). */
const maxSegmentBytes = 255;
/** Of a name that is made from somebody else's; leaves room for what is put before it. */
const maxSafeNameBytes = 120;
// Control characters, line and paragraph separators, and the marks that turn text around: a card must show the path that runs.
const unshowable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/u;
// `%2e`, `%2f`, `%5c`, `%00`, and the same encoded again and again.
const encoded = /%(?:25)*(?:2e|2f|5c|00)/i;
const encoder = new TextEncoder();

/** Why this is no name for a file or folder, or null when it is one. Pure; used for tree and URL segments alike. */
export function segmentFault(segment: string): string | null {
  if (segment === "") return "has an empty part";
  if (segment === "." || segment === "..") return `has the part "${segment}"`;
  if (/[/\\]/.test(segment)) return "has a slash or backslash inside a name";
  if (!segment.isWellFormed()) return "has a broken character";
  if (unshowable.test(segment)) return "has a control character";
  if (encoded.test(segment)) return "has a percent-encoded dot, slash or NUL";
  if (segment !== segment.trim()) return "has a name that starts or ends with a space";
  if (encoder.encode(segment).length > maxSegmentBytes) return `has a name of more than ${maxSegmentBytes} bytes`;
  return null;
}

function refuse(input: string, why: string): never {
  const shown = JSON.stringify(input.toWellFormed().slice(0, 80));
  throw new KernelError(
    "path.invalid",
    `The path ${shown} ${why}. Paths look like home/notes.md; the roots are ${roots}.`,
  );
}
const roots = prefixes.map((prefix) => `${prefix}/`).join(" ");

function parse(input: string, raw: string): TreePath {
  if (raw.startsWith("/")) refuse(input, "starts with a slash");
  const path = raw.normalize("NFC");
  if (encoder.encode(path).length > limits.files.maxPathBytes)
    refuse(input, `is longer than ${limits.files.maxPathBytes} bytes`);
  const segments = path.split("/");
  for (const segment of segments) {
    const fault = segmentFault(segment);
    if (fault) refuse(input, fault);
  }
  const prefix = prefixes.find((known) => known === segments[0]);
  if (!prefix) refuse(input, `starts with none of the known roots`);
  return { prefix, rest: segments.slice(1).join("/"), path };
}

/**
 * The path of a file.
 * @throws KernelError `path.invalid`, naming what is wrong with it.
 * @example parseFile("home/notes.md") // { prefix: "home", rest: "notes.md", path: "home/notes.md" }
 */
export function parseFile(input: string): TreePath {
  const parsed = parse(input, input);
  if (parsed.rest === "") refuse(input, "names a root, not a file");
  return parsed;
}

/** The path of a folder (or file), with or without one trailing slash; null for all roots (`""`, `"/"` or `"."`). */
export function parseFolder(input: string): TreePath | null {
  if (input === "" || input === "/" || input === ".") return null;
  return parse(input, input.endsWith("/") ? input.slice(0, -1) : input);
}

/** Whether `path` is the folder or file `folder`, or below it. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A name for a file that came with a name of somebody else's making: what a path may not hold is replaced by `_`. */
export function safeName(name: string): string {
  const whole = name.toWellFormed().normalize("NFC");
  const last = whole.slice(Math.max(whole.lastIndexOf("/"), whole.lastIndexOf("\\")) + 1);
  const plain = last.replace(new RegExp(unshowable, "gu"), "_").replaceAll("%", "_").trim();
  const kept = plain === "" || plain === "." || plain === ".." ? "file" : plain;
  const ending = /\.[^.]{0,11}$/.exec(kept)?.[0] ?? "";
  let stem = kept.slice(0, kept.length - ending.length);
  while (encoder.encode(stem + ending).length > maxSafeNameBytes) stem = Array.from(stem).slice(0, -1).join("");
  return (stem + ending).trim();
}
