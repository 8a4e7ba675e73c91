import { z } from "zod";
import type { ApprovalCard } from "../events/types.ts";
import type { Json } from "../tools/types.ts";

type Fields = Record<string, Json>;

const fieldsOf = (value: Json): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};

/** The text fields of a tool's input, and whether each may be left out. */
function textFields(schema: z.ZodType): { name: string; optional: boolean }[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: Record<string, unknown> = schema.shape;
  return Object.entries(shape).flatMap(([name, given]) => {
    const optional = given instanceof z.ZodOptional;
    const inner = optional ? given.unwrap() : given;
    return inner instanceof z.ZodString ? [{ name, optional }] : [];
  });
}

const labelOf = (name: string): string => {
  const words = name.replaceAll(/[_-]+/g, " ").replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b}`);
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

/** What the decider may change before they approve: the text fields of the input, one that is absent as "". */
export function editableFields(schema: z.ZodType, input: Json): ApprovalCard["editable"] {
  const values = fieldsOf(input);
  return textFields(schema).map(({ name }) => {
    const value = values[name];
    return { name, label: labelOf(name), value: typeof value === "string" ? value : "" };
  });
}

/**
 * The waiting input with what the decider has changed; what they were not shown stays as it is. A field that may be left
 * out and was emptied is left out. The tool's own schema checks the rest.
 */
export function revisedInput(schema: z.ZodType, input: Json, changes: Json): Json {
  const revised: Fields = { ...fieldsOf(input), ...fieldsOf(changes) };
  for (const { name, optional } of textFields(schema)) if (optional && revised[name] === "") delete revised[name];
  return revised;
}
