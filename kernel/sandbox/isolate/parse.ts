import { parse as parseWith } from "acorn";
import { KernelError } from "../../errors.ts";
import { importedName } from "./imports.ts";
import { isModuleName, modulesInWords } from "./modules/names.ts";
import { childrenOf, type AnyNode } from "./walk.ts";

/** A program that cannot run, with the place in the model's own code. Lines and columns count from 1. */
export class CodeError extends KernelError {
  readonly line: number | null;

  constructor(code: "code.failed" | "code.refused", message: string, line: number | null) {
    super(code, message);
    this.line = line;
  }
}

const refusals: Record<string, string> = {
  ExportNamedDeclaration: "export is refused: return the result instead",
  ExportDefaultDeclaration: "export is refused: return the result instead",
  ExportAllDeclaration: "export is refused: return the result instead",
  MetaProperty: "import.meta is refused: code here has no files of its own",
};

/** Why a node may not stand in a program; null when it may. */
function refusalOf(node: AnyNode): string | null {
  if (node.type === "ImportDeclaration" || node.type === "ImportExpression") {
    const name = importedName(node);
    if (isModuleName(name)) return null;
    const what = name === null ? "import() of a computed name" : `import of ${JSON.stringify(name.slice(0, 80))}`;
    return `${what} is refused: ${modulesInWords}`;
  }
  if (node.type === "MetaProperty" && !isImportMeta(node)) return null;
  return refusals[node.type] ?? null;
}

/**
 * The program as a tree. It is read as a module's text (strict, `await` is a keyword) that may also `return`.
 * @throws CodeError with line and column.
 */
export function parseProgram(code: string): AnyNode {
  const program = parsed(code);
  refuse(program);
  return program;
}

function parsed(code: string): AnyNode {
  try {
    return parseWith(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      allowHashBang: false,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    }) as unknown as AnyNode;
  } catch (thrown) {
    if (isSyntaxError(thrown)) {
      const { line, column } = thrown.loc;
      // acorn ends its message with its own "(line:column)", whose column counts from 0.
      const message = thrown.message.replace(/ \(\d+:\d+\)$/, "");
      throw new CodeError("code.failed", `SyntaxError: ${message} (line ${line}, column ${column + 1})`, line);
    }
    throw new CodeError("code.failed", "The program is nested too deeply to be read.", null);
  }
}

function refuse(node: AnyNode): void {
  const reason = refusalOf(node);
  if (reason !== null) {
    const { line, column } = node.loc.start;
    throw new CodeError("code.refused", `${reason} (line ${line}, column ${column + 1}).`, line);
  }
  for (const child of childrenOf(node)) refuse(child);
}

/** `new.target` is the other one, and is fine. */
const isImportMeta = (node: AnyNode) => (node["meta"] as { name?: unknown } | undefined)?.name === "import";

function isSyntaxError(thrown: unknown): thrown is SyntaxError & { loc: { line: number; column: number } } {
  return thrown instanceof SyntaxError && "loc" in thrown;
}
