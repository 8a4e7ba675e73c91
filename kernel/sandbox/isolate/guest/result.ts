import { toJson } from "./to-json.ts";

/** What a program returned, on its way out. */
export type Returned =
  | { end: "value"; json: string; cut: boolean; whole: string | null }
  | { end: "bytes"; bytes: Uint8Array; name: string | null; mediaType: string | null };

export interface ResultCaps {
  maxResultChars: number;
  maxResultBytes: number;
}

/** How much of a result that has become a file is shown beside it. */
const previewChars = 2000;

/** A value as JSON; one that is too long for that whole, to become a file, and its beginning. Bytes stay bytes. */
export async function returned(
  value: unknown,
  caps: ResultCaps,
  tooLarge: (bytes: number) => Error,
): Promise<Returned> {
  const blob = value instanceof Blob ? value : null;
  const held = blob ? await blob.arrayBuffer() : value;
  if (held instanceof ArrayBuffer || held instanceof Uint8Array) {
    if (held.byteLength > caps.maxResultBytes) throw tooLarge(held.byteLength);
    // A copy: a view would be sent with all of the buffer that it looks at.
    const bytes = held instanceof ArrayBuffer ? new Uint8Array(held) : held.slice();
    const name = blob && "name" in blob && typeof blob.name === "string" ? blob.name : null;
    return { end: "bytes", bytes, name, mediaType: blob?.type || null };
  }
  const short = fitting(value, caps.maxResultChars);
  if (!short.cut) return { end: "value", ...short, whole: null };
  // A character is up to three bytes.
  const whole = fitting(value, caps.maxResultBytes / 3);
  const preview = fitting(value, Math.min(previewChars, caps.maxResultChars));
  return { end: "value", json: preview.json, cut: whole.cut, whole: whole.json };
}

/** Escapes make a character up to six: such a value gets a seventh of the room. */
function fitting(value: unknown, maxChars: number): { json: string; cut: boolean } {
  const first = toJson(value, maxChars);
  if (first.json.length <= maxChars) return first;
  return { json: toJson(value, maxChars / 7).json, cut: true };
}
