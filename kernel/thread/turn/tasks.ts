import { toolByName } from "../../tools/index.ts";

/** The title of a call's task: the tool's own for this input, its name where the input is not what it takes. */
export function taskTitle({ tool, input }: { tool: string; input: unknown }): string {
  const definition = toolByName(tool);
  const read = definition?.input.safeParse(input);
  return definition && read?.success ? definition.title(read.data) : tool;
}
