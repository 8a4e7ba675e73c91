import { KernelError } from "./errors.ts";
import { bytesMs, type Work } from "./work.ts";

export interface JsonBounds {
  maxChars: number;
  maxValues: number;
  maxDepth: number;
  /** Of what: "The input of TOOLS.write_file". */
  what: string;
  /** Where these bounds stand: "limits.nested.maxInput". */
  where: string;
}

/** Characters that are looked at in one go. */
const stretch = 256 * 1024;

/** What is known of a text so far. */
interface Seen {
  quoted: boolean;
  escaped: boolean;
  depth: number;
  values: number;
}

/**
 * Looks at JSON text before it is parsed, a stretch at a time: how long it is, how many values it has and how deep they
 * lie. What is no JSON is not found out here.
 * @throws KernelError `input.invalid`, naming the bound.
 */
export async function boundJson(text: string, bounds: JsonBounds, work: Work): Promise<void> {
  let fault = tooLong(text, bounds);
  const seen = atStart();
  for (let from = 0; fault === null && from < text.length; from += stretch) {
    const to = Math.min(text.length, from + stretch);
    fault = look(text, from, to, seen, bounds);
    await work.spend(bytesMs(to - from));
  }
  if (fault !== null) throw new KernelError("input.invalid", fault);
}

/** The same at once, for a text that is short by another bound; null when there is nothing to say. */
export const jsonFault = (text: string, bounds: JsonBounds): string | null =>
  tooLong(text, bounds) ?? look(text, 0, text.length, atStart(), bounds);

const atStart = (): Seen => ({ quoted: false, escaped: false, depth: 0, values: 1 });

function tooLong({ length }: string, { what, where, maxChars }: JsonBounds): string | null {
  return length > maxChars ? `${what} has ${length} characters; at most ${maxChars} are taken (${where}Chars).` : null;
}

function look(text: string, from: number, to: number, seen: Seen, bounds: JsonBounds): string | null {
  const { what, where, maxDepth, maxValues } = bounds;
  for (let at = from; at < to; at += 1) {
    const char = text.charCodeAt(at);
    if (seen.escaped) seen.escaped = false;
    else if (seen.quoted) {
      if (char === backslash) seen.escaped = true;
      else if (char === quote) seen.quoted = false;
    } else if (char === quote) seen.quoted = true;
    else if (char === comma || char === colon) seen.values += 1;
    else if (char === openList || char === openObject) {
      seen.values += 1;
      seen.depth += 1;
      if (seen.depth > maxDepth) return `${what} is nested more than ${maxDepth} deep (${where}Depth).`;
    } else if (char === closeList || char === closeObject) seen.depth -= 1;
    if (seen.values > maxValues) return `${what} has more than ${maxValues} values (${where}Values).`;
  }
  return null;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
