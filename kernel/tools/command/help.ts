import type { ToolDefinition } from "../types.ts";
import { type Flag, flagName, flagsOf } from "./arguments.ts";

const kindOf = ({ property }: Flag): string => {
  if (property.enum) return property.enum.map(String).join("|");
  const kinds = [property.type ?? "json"].flat();
  if (kinds.includes("array")) return `${property.items?.type ?? "json"}, more than once`;
  return kinds[0] === "object" ? "json" : (kinds[0] ?? "json");
};

const firstSentence = (text: string) => /^[\s\S]*?[.:](?=\s|$)/.exec(text)?.[0].replaceAll(/\s+/g, " ") ?? text;

/** `deckhand --help`. */
export const listHelp = (tools: readonly ToolDefinition[]): string =>
  [
    "Usage: deckhand <tool> --flag value …",
    "       deckhand <tool> --json '{…}'      all fields at once; - reads stdin",
    "       deckhand <tool> --help",
    "",
    "Tools:",
    ...tools.map((tool) => `  ${tool.name.padEnd(20)} ${firstSentence(tool.description)}`),
    "",
    "The result is JSON on stdout. Exit codes: 1 the tool failed, 2 bad arguments, 3 a person said no.",
    "",
  ].join("\n");

/** `deckhand <tool> --help`: all of it is read off the tool's schema. */
export function toolHelp(tool: ToolDefinition): string {
  const flags = flagsOf(tool).map((flag) => {
    const needed = flag.required ? ", needed" : "";
    const standard = flag.property.default === undefined ? "" : `, else ${JSON.stringify(flag.property.default)}`;
    const about = flag.property.description === undefined ? "" : `\n      ${flag.property.description}`;
    return `  ${flagName(flag.name)} (${kindOf(flag)}${needed}${standard})${about}`;
  });
  const asks = tool.consent === undefined ? [] : ["", "A person is asked in the thread before it runs."];
  return [`deckhand ${tool.name}`, "", tool.description, "", "Flags:", ...flags, ...asks, ""].join("\n");
}
