import { KernelError } from "../../errors.ts";
import { CodeError } from "./parse.ts";

/** How often the stripper may look at each character. A program as people write them takes less than ten. */
const looksPerChar = 60;

/**
 * A text that tires: sucrase goes back and tries again, and at nested arrow functions each level doubles its work, so
 * that 300 characters could keep it busy for minutes. What it looks at is counted here.
 */
class Metered extends String {
  #left: number;

  constructor(text: string) {
    super(text);
    this.#left = 20_000 + looksPerChar * text.length;
  }

  override charCodeAt(index: number): number {
    this.#left -= 1;
    if (this.#left < 0) throw new KernelError("code.failed", "too much");
    return super.charCodeAt(index);
  }
}

/** Each place where it could begin is looked at once: from there on it is linear, and no two share what follows. */
const namespaces = /\b(?:namespace|module)\s+[\w.]+\s*\{/g;

/** Where the first namespace stands: at the head of a line, or after `export`. */
function namespaceAt(code: string): number | null {
  for (const { index } of code.matchAll(namespaces)) {
    const before = code.slice(code.lastIndexOf("\n", index - 1) + 1, index).trim();
    if (index === 0 || before === "" || before === "export") return index;
  }
  return null;
}

/**
 * TypeScript as JavaScript, line by line the same: types go, enums and parameter properties become code on their own
 * line. Loaded with the first program that needs it.
 * @throws CodeError with line and column of the program's own text.
 */
export async function stripTypes(code: string): Promise<string> {
  const { transform } = await import("sucrase");
  let stripped: string;
  try {
    // Unused imports stay: whether one is only a type cannot be seen here, and a module costs little.
    stripped = transform(new Metered(code) as unknown as string, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
    }).code;
  } catch (thrown) {
    throw errorOf(thrown);
  }
  const found = namespaceAt(code);
  if (found !== null) {
    const line = code.slice(0, found).split("\n").length;
    throw new CodeError(
      "code.failed",
      `namespace is not supported: use a plain object or module (line ${line}).`,
      line,
    );
  }
  return stripped;
}

function errorOf(thrown: unknown): CodeError {
  if (!(thrown instanceof SyntaxError) || !("loc" in thrown))
    return new CodeError("code.failed", "The program is nested too deeply to be read as TypeScript.", null);
  const { line, column } = thrown.loc as { line: number; column: number };
  // Its message has its own words before and its own place behind.
  const message = thrown.message.replace(/^Error transforming[^:]*: /, "").replace(/ \(\d+:\d+\)$/, "");
  return new CodeError("code.failed", `SyntaxError: ${message} (line ${line}, column ${column})`, line);
}
