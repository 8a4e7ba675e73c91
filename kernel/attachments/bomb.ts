import { inflateSync } from "node:zlib";
import { KernelError } from "../errors.ts";
import { limits } from "../limits.ts";
import { breathe } from "../breathe.ts";

/** Deflate makes at most this much of a byte: what is too short to reach a bound need not be unpacked. */
const mostPerByte = 1032;
const dictionaryChars = 2048;

interface PackedStream {
  from: number;
  to: number;
  picture: boolean;
  /** Packed more than once: nothing real is. */
  nested: boolean;
}

/** The deflated streams of a PDF, found by their keywords: their dictionaries always stand in the open. */
export function packedStreams(file: string): PackedStream[] {
  const found: PackedStream[] = [];
  for (let at = file.indexOf("stream"); at >= 0; at = file.indexOf("stream", at + 6)) {
    const before = file.slice(Math.max(0, at - dictionaryChars), at);
    if (!/>>\s*$/.test(before)) continue;
    const dictionary = before.slice(before.lastIndexOf(" obj") + 1);
    const filters = dictionary.match(/\/(?:FlateDecode|Fl)\b/g)?.length ?? 0;
    if (filters === 0) continue;
    const from = at + (file[at + 6] === "\r" ? 8 : 7);
    const said = Number(/\/Length\s+(\d{1,9})(?!\s+\d+\s+R)/.exec(dictionary)?.[1] ?? 0);
    const end = file.indexOf("endstream", from);
    const to = Math.min(file.length, Math.max(end < 0 ? file.length : end, from + said));
    found.push({ from, to, picture: /\/Subtype\s*\/Image\b/.test(dictionary), nested: filters > 1 });
  }
  return found;
}

/**
 * How much deflated bytes unpack to: more than `most` is infinite, broken ones are nothing. By node:zlib and not by
 * DecompressionStream, which in workerd gives an error and no bytes when something stands after the end, as it does here.
 */
function unpackedSize(packed: Uint8Array, most: number): number {
  try {
    return inflateSync(packed, { maxOutputLength: most }).length;
  } catch (thrown) {
    return thrown instanceof Error && thrown.name === "RangeError" ? Infinity : 0;
  }
}

/**
 * Refuses a PDF with a stream that unpacks to more than a page or a picture can need. PDF.js unpacks a stream whole
 * before anything of it can be counted, and does not let timers run meanwhile, so this must come first.
 * @throws KernelError `pdf.too_large`
 */
export async function refuseBomb(bytes: Uint8Array, name: string): Promise<void> {
  const bomb = (why: string): KernelError => new KernelError("pdf.too_large", `${name} ${why}, so it was not read.`);
  let total = 0;
  for (const stream of packedStreams(new TextDecoder("latin1").decode(bytes))) {
    if (stream.nested) throw bomb("is packed more than once inside");
    const most = stream.picture ? limits.pdf.maxPictureBytes : limits.pdf.maxStreamBytes;
    if ((stream.to - stream.from) * mostPerByte <= most) continue;
    await breathe();
    const size = unpackedSize(bytes.subarray(stream.from, stream.to), most);
    if (size > most) throw bomb(`has a part that unpacks to more than ${Math.round(most / 1024 / 1024)} MB`);
    total += size;
    if (total > limits.pdf.maxUnpackedBytes)
      throw bomb(`unpacks to more than ${limits.pdf.maxUnpackedBytes / 1024 / 1024} MB`);
  }
}
