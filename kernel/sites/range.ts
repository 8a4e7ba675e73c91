export type RangeAnswer = { kind: "whole" } | { kind: "part"; offset: number; length: number } | { kind: "none" };

/**
 * What a Range header asks of a body. One range only: several, or what is no range at all, get the whole, as RFC 9110
 * allows. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function rangeOf(header: string | null, sizeBytes: number): RangeAnswer {
  const parts = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? "");
  if (!parts) return { kind: "whole" };
  const [, first = "", last = ""] = parts;
  if (first === "" && last === "") return { kind: "whole" };
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? { kind: "none" } : { kind: "part", offset: sizeBytes - length, length };
  }
  const offset = Number(first);
  if (last !== "" && Number(last) < offset) return { kind: "whole" };
  if (offset >= sizeBytes) return { kind: "none" };
  const end = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return { kind: "part", offset, length: end - offset + 1 };
}
