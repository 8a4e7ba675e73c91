import { record, str } from "../text/json.ts";

/** What stands in an input, as the workspace takes it: a text, an option's value, an id; several where several can be. */
export type Raw = string | string[] | null;
/** By block, then by action. */
export type Given = Readonly<Record<string, Readonly<Record<string, Raw>>>>;

const valueOf = (option: unknown): string => (typeof option === "string" ? option : str(record(option), "value"));

/** The plain value of what an element keeps (`{ value }`, `{ selected_option }`, `{ selected_options }`). */
export function rawOf(kept: unknown): Raw {
  const data = record(kept);
  const several = data["selected_options"];
  if (Array.isArray(several)) return several.map(valueOf);
  if ("selected_option" in data) return data["selected_option"] === null ? null : valueOf(data["selected_option"]);
  return str(data, "value");
}

export const keep = (given: Given, blockId: string, actionId: string, kept: unknown): Given => ({
  ...given,
  [blockId]: { ...given[blockId], [actionId]: rawOf(kept) },
});
