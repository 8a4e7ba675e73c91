import { CodeError, parseProgram } from "./parse.ts";
import { stripTypes } from "./strip-types.ts";
import type { AnyNode } from "./walk.ts";

export interface ReadProgram {
  /** JavaScript, its lines those of what was read. */
  code: string;
  tree: AnyNode;
}

/**
 * A program in JavaScript or TypeScript. Plain JavaScript is read once; only what does not parse is looked at as
 * TypeScript.
 * @throws CodeError at the place where reading failed: of two failures the one that got further.
 */
export async function readProgram(code: string): Promise<ReadProgram> {
  let first: unknown;
  try {
    return { code, tree: parseProgram(code) };
  } catch (thrown) {
    if (!(thrown instanceof CodeError) || thrown.code !== "code.failed") throw thrown;
    first = thrown;
  }
  try {
    const stripped = await stripTypes(code);
    if (stripped === code) throw first;
    return { code: stripped, tree: parseProgram(stripped) };
  } catch (thrown) {
    throw saysMore(thrown, first) ? thrown : first;
  }
}

/** Whether the second failure says more: it is about what the program asks for, or further on. */
function saysMore(second: unknown, first: unknown): boolean {
  return second instanceof CodeError && (second.code === "code.refused" || lineOf(second) > lineOf(first));
}

const lineOf = (thrown: unknown): number => (thrown instanceof CodeError ? (thrown.line ?? Infinity) : 0);
