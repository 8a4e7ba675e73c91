import { z } from "zod";
import { tools } from "./index.ts";
import type { Json, ToolDefinition } from "./types.ts";

/** A tool as somebody reads of it who calls it by name. */
export interface CatalogueEntry {
  name: string;
  description: string;
  /** JSON Schema. */
  input: Json;
  /** A person is asked before it runs. */
  asks: boolean;
}

const entries = new Map<string, CatalogueEntry>();

export function catalogueEntry({ name, description, input, consent }: ToolDefinition): CatalogueEntry {
  const known = entries.get(name);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" });
  const entry = { name, description, input: schema as Json, asks: consent !== undefined };
  entries.set(name, entry);
  return entry;
}

/** All tools but those named, as `TOOLS.list()` gives them. */
export const catalogue = (without: readonly string[]): CatalogueEntry[] =>
  tools.filter(({ name }) => !without.includes(name)).map(catalogueEntry);
