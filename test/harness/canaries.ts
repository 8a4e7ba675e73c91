import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A value that stands for a secret, and all the ways in which it could be written down. */
export interface Canary {
  name: string;
  value: string;
  needles: Buffer[];
}

/** Of bytes inside longer base64 text: the part that is the same whatever stands around it, for each of three offsets. */
function base64Parts(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const whole = Buffer.from("\0".repeat(offset) + text).toString("base64");
    return whole.slice(offset === 0 ? 0 : 4, Math.floor((offset + text.length) / 3) * 4);
  });
}

/**
 * `core` is letters and digits within the value, so that every escape (JSON, HTML, an address, a header) leaves it as it
 * is, and so does a log that shows the beginning only.
 */
export function canary(name: string, core: string, value: string): Canary {
  const texts = [core, Buffer.from(core).toString("hex"), ...base64Parts(core), ...base64Parts(value), value];
  const needles = texts.flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text.replaceAll("+", "-").replaceAll("/", "_")),
    Buffer.from(text, "utf16le"),
  ]);
  return { name, value, needles };
}

/** Every place where a canary is found, as `NAME in place`. */
export function findCanaries(canaries: readonly Canary[], places: Iterable<readonly [string, Buffer]>): string[] {
  const found: string[] = [];
  for (const [place, bytes] of places)
    for (const { name, needles } of canaries)
      if (needles.some((needle) => bytes.includes(needle))) found.push(`${name} in ${place}`);
  return found;
}

/** All files below a folder, with their content. */
export function* filesOf(folder: string): Generator<readonly [string, Buffer]> {
  for (const one of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!one.isFile()) continue;
    const path = join(one.parentPath, one.name);
    try {
      yield [path, readFileSync(path)] as const;
    } catch {
      // It has gone meanwhile.
    }
  }
}
