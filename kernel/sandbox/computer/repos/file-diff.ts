import type { FileStat } from "./answer.ts";
import { hunks, runsBetween } from "./lines-diff.ts";
import type { Objects } from "./objects.ts";
import { byteText, type ByteText, type TreeEntry } from "./read-object.ts";
import type { TreeChange } from "./tree-changes.ts";

const bytesOf = (text: ByteText): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** UTF-8 as it is, or null. A mark at the beginning is kept: it is a byte like another. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const byteName = (byte: number): string => `⟨0x${byte.toString(16).toUpperCase().padStart(2, "0")}⟩`;
/** Bytes that are no UTF-8, with those that are no ASCII named. */
const named = (text: ByteText): string => text.replaceAll(/[\u0080-\u00ff]/g, (sign) => byteName(sign.charCodeAt(0)));

/** A path for people; one with odd signs in it as JSON would quote it, so that no line break in it begins a line. */
export function pathText(path: ByteText): string {
  const text = utf8(bytesOf(path)) ?? named(path);
  return /[\p{Cc}"\\]/u.test(text) ? JSON.stringify(text) : text;
}

interface Side {
  entry: TreeEntry;
  bytes: Uint8Array;
}

const isRepo = ({ mode }: TreeEntry) => mode === "160000";

function side(objects: Objects, entry: TreeEntry | null): Side | null {
  if (entry === null) return null;
  const bytes = isRepo(entry)
    ? new TextEncoder().encode(`Subproject commit ${entry.id}\n`)
    : objects.get("blob", entry.id);
  return { entry, bytes };
}

/** As git sees it: a NUL within the first 8,000 bytes. */
const isBinary = (of: Side | null): boolean => of !== null && of.bytes.subarray(0, 8_000).includes(0);

const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The lines of both sides, compared by their bytes, and how a line is shown. */
function linesOf(old: Side | null, now: Side | null) {
  const empty = new Uint8Array();
  const [before, after] = [old?.bytes ?? empty, now?.bytes ?? empty];
  const [a, b] = [utf8(before), utf8(after)];
  if (a !== null && b !== null) return { before: split(a), after: split(b), shown: (line: string) => line };
  const shown = (line: ByteText) => utf8(bytesOf(line)) ?? named(line);
  return { before: split(byteText(before)), after: split(byteText(after)), shown };
}

const short = (of: Side | null) => (of?.entry.id ?? "0000000000").slice(0, 10);

function modeLines(old: Side | null, now: Side | null): string[] {
  if (old === null) return [`new file mode ${now?.entry.mode ?? ""}`];
  if (now === null) return [`deleted file mode ${old.entry.mode}`];
  return old.entry.mode === now.entry.mode ? [] : [`old mode ${old.entry.mode}`, `new mode ${now.entry.mode}`];
}

function one(path: string, old: Side | null, now: Side | null): { stat: FileStat; text: string } {
  const head = [`diff --git a/${path} b/${path}`, ...modeLines(old, now)];
  if (old?.entry.id === now?.entry.id) return { stat: { path, added: 0, removed: 0 }, text: `${head.join("\n")}\n` };
  const names = [old === null ? "/dev/null" : `a/${path}`, now === null ? "/dev/null" : `b/${path}`] as const;
  head.push(`index ${short(old)}..${short(now)}`);
  if (isBinary(old) || isBinary(now)) {
    head.push(`Binary files ${names[0]} and ${names[1]} differ`);
    return { stat: { path, added: null, removed: null }, text: `${head.join("\n")}\n` };
  }
  const { before, after, shown } = linesOf(old, now);
  const runs = runsBetween(before, after);
  const count = (of: "+" | "-") => runs.reduce((sum, { kind, lines }) => sum + (kind === of ? lines.length : 0), 0);
  const body = hunks(runs, shown);
  if (body !== "") head.push(`--- ${names[0]}`, `+++ ${names[1]}`);
  return { stat: { path, added: count("+"), removed: count("-") }, text: `${head.join("\n")}\n${body}` };
}

const kindOf = ({ mode }: TreeEntry): string => mode.slice(0, 3);

/** One change, or two where a file becomes a link or the like. @throws KernelError repo.corrupt */
export function fileDiff(objects: Objects, change: TreeChange): { stat: FileStat; text: string }[] {
  const path = pathText(change.path);
  const [old, now] = [side(objects, change.old), side(objects, change.new)];
  return old !== null && now !== null && kindOf(old.entry) !== kindOf(now.entry)
    ? [one(path, old, null), one(path, null, now)]
    : [one(path, old, now)];
}
