import { KernelError, type Outcome } from "../errors.ts";
import { toolByName } from "../tools/index.ts";
import type { ToolDefinition } from "../tools/types.ts";
import { ToolCall } from "./types.ts";

/** A call as it came over RPC, with its tool and its input as the tool's schema reads it. @throws KernelError */
export function readCall(given: ToolCall): { call: ToolCall; definition: ToolDefinition; input: unknown } {
  const call = ToolCall.parse(given);
  const definition = toolByName(call.tool);
  if (!definition) throw new KernelError("tool.unknown", `There is no tool named ${call.tool}.`);
  const input = definition.input.safeParse(call.input);
  if (!input.success) {
    const issue = input.error.issues[0];
    throw new KernelError(
      "input.invalid",
      `${call.tool}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is not valid"}`.trim(),
    );
  }
  return { call, definition, input: input.data };
}

/** What a call that a restart cut off comes to: it is never run again. */
export const interrupted = (tool: string): Outcome<never> => ({
  ok: false,
  error: new KernelError(
    "tool.interrupted",
    `${tool} was interrupted before a result was recorded; it may have been done in part. Look before you try again.`,
  ).toShape(),
});
