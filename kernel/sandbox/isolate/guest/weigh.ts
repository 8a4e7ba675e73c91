const keysOf = Object.keys;

/** Counts what it is told; throws when that is too much. */
export type Count = (chars: number) => void;

/**
 * What a value is as JSON text, before it is one: told to `count` bit by bit, at least as much as it will be. A part
 * that is met twice counts twice, as it is written twice; so a small value that is nested in itself, level by level, is
 * stopped here. What has a `toJSON` is not looked into: that is code of the program, which is counted by itself.
 */
export function weigh(value: unknown, indentChars: number, count: Count): void {
  const walk = (item: unknown, depth: number): void => {
    count(lineOf(item) + (depth + 1) * indentChars);
    // Deeper than that the real one throws.
    if (typeof item !== "object" || item === null || depth > 5000 || "toJSON" in item) return;
    if (Array.isArray(item)) {
      // Holes are written too.
      count(item.length * (2 + (depth + 1) * indentChars));
      for (let at = 0; at < item.length; at += 1) walk(item[at], depth + 1);
      return;
    }
    for (const key of keysOf(item)) {
      count(key.length + 4);
      walk((item as Record<string, unknown>)[key], depth + 1);
    }
  };
  walk(value, 0);
}

/** Of a text with many escapes, six times as long. */
function lineOf(item: unknown): number {
  if (typeof item !== "string") return typeof item === "object" ? 2 : 5;
  if (item.length < 64) return item.length + 2;
  return 2 + item.length * (/[\p{Cc}\p{Cs}]/u.test(item) ? 6 : /["\\]/.test(item) ? 2 : 1);
}

/** Values of a JSON text, at most: what parsing it makes. */
export function valuesIn(text: string, tick: () => void): number {
  let quoted = false;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    if ((at & 0xffff) === 0) tick();
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) quoted = false;
    } else if (char === 0x22) quoted = true;
    else if (char === 0x2c || char === 0x5b || char === 0x7b) values += 1;
  }
  return values;
}
