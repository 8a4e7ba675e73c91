import type { z } from "zod";
import type { ToolDefinition } from "./types.ts";

/** Declares a tool. The same definition serves the model, `exec_code` and, later, the computer's command line. */
export function defineTool<Input extends z.ZodType>(definition: ToolDefinition<Input>): ToolDefinition<Input> {
  if (definition.consent && !definition.prepare)
    throw new Error(`${definition.name} needs consent and so needs prepare()`);
  return definition;
}
