import { KernelError } from "../../errors.ts";
import { boundJson, type JsonBounds } from "../../json-size.ts";
import { limits } from "../../limits.ts";
import type { Json } from "../../tools/types.ts";
import { bytesMs, type Work } from "../../work.ts";

/** The model's own tools as a program may use them; given by the Kernel for one call of `exec_code`. */
export interface ProgramTools {
  names: readonly string[];
  /** What `TOOLS.list()` gives: name, description and the input's schema of each. */
  list(): Json;
  /**
   * Runs a tool and gives its output. Throws KernelError. While a person is asked `wait` is open; there are
   * `wait.leftMs()` for it.
   */
  call(name: string, input: Json, wait: ProgramWait): Promise<Json>;
}

export interface ProgramWait {
  leftMs(): number;
  begin(): () => void;
}

export interface ToolsCall {
  name: string;
  input: Json;
}

/**
 * What arrived at the TOOLS stub, as a call. Its input travels as JSON text, so that nothing but JSON can arrive:
 * no cycle, function, getter or foreign prototype. Its size is bounded before it is parsed.
 * @throws KernelError `input.invalid`
 */
export async function parseToolsCall(name: unknown, input: unknown, work: Work): Promise<ToolsCall> {
  if (typeof name !== "string" || name.length > 100)
    throw new KernelError("input.invalid", "TOOLS has the tools by name: TOOLS.write_file({path, content}).");
  if (typeof input !== "string") throw new KernelError("input.invalid", `TOOLS.${name} takes its input as JSON.`);
  await boundJson(input, nestedBounds(`The input of TOOLS.${name}`), work);
  // Read here, by the tool's schema and for its row in the ledger.
  await work.spend(bytesMs(input.length) * 3);
  try {
    return { name, input: JSON.parse(input) as Json };
  } catch {
    throw new KernelError("input.invalid", `The input of TOOLS.${name} is no JSON.`);
  }
}

/** The bounds of an input that does not come from the model itself. */
export const nestedBounds = (what: string): JsonBounds => ({
  maxChars: limits.nested.maxInputChars,
  maxValues: limits.nested.maxInputValues,
  maxDepth: limits.nested.maxInputDepth,
  what,
  where: "limits.nested.maxInput",
});
