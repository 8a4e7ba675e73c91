import { KernelError } from "../../errors.ts";
import { limits } from "../../limits.ts";
import type { Json } from "../../tools/types.ts";

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
 * no cycle, function, getter or foreign prototype.
 * @throws KernelError `input.invalid`
 */
export function parseToolsCall(name: unknown, input: unknown): ToolsCall {
  if (typeof name !== "string" || name.length > 100)
    throw new KernelError("input.invalid", "TOOLS has the tools by name: TOOLS.write_file({path, content}).");
  if (typeof input !== "string") throw new KernelError("input.invalid", `TOOLS.${name} takes its input as JSON.`);
  const { maxInputChars, maxInputDepth } = limits.nested;
  if (input.length > maxInputChars)
    throw new KernelError(
      "input.invalid",
      `The input of TOOLS.${name} has ${input.length} characters; at most ${maxInputChars} are taken (limits.nested.maxInputChars).`,
    );
  let value: Json;
  try {
    value = JSON.parse(input) as Json;
  } catch {
    throw new KernelError("input.invalid", `The input of TOOLS.${name} is no JSON.`);
  }
  if (isDeeper(value, maxInputDepth))
    throw new KernelError(
      "input.invalid",
      `The input of TOOLS.${name} is nested more than ${maxInputDepth} deep (limits.nested.maxInputDepth).`,
    );
  return { name, input: value };
}

/** Level by level and not by recursion: the text may hold more levels than there is stack. */
function isDeeper(value: Json, most: number): boolean {
  let level: Json[] = [value];
  for (let depth = 0; depth <= most; depth += 1) {
    level = level.flatMap((one): Json[] => (typeof one === "object" && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}
