import { z } from "zod";
import { jsonFault } from "../../json-size.ts";
import { limits } from "../../limits.ts";
import type { Json, ToolDefinition } from "../types.ts";

/*
 * `deckhand <tool> --flag value …` as typed in a box, read by the tool's own schema. What comes of it is checked by
 * that schema once more when the tool is called; here a bad argument is told in the words of a command line.
 */

/** The part of JSON Schema that flags are made of. */
const Property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.json()).optional(),
  default: z.json().optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
});
export type Property = z.infer<typeof Property>;
const Shape = z.looseObject({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
});

export interface Flag {
  name: string;
  property: Property;
  required: boolean;
}

/** The fields of a tool's input, in the order in which they are declared. */
export function flagsOf(tool: ToolDefinition): Flag[] {
  const { properties, required } = Shape.parse(z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }));
  return Object.entries(properties).map(([name, property]) => ({ name, property, required: required.includes(name) }));
}

export const flagName = (name: string): string => `--${name.replaceAll("_", "-")}`;

export type Arguments = { ok: true; input: { [key: string]: Json } } | { ok: false; why: string };
const wrong = (why: string): Arguments => ({ ok: false, why });

type Value = { ok: true; value: Json } | { ok: false; why: string };

function valueOf({ name, property }: Flag, text: string): Value {
  const kinds = [property.type ?? []].flat();
  if (kinds.includes("string")) {
    const choices = property.enum?.map(String);
    return choices && !choices.includes(text)
      ? { ok: false, why: `${flagName(name)} is one of: ${choices.join(", ")}` }
      : { ok: true, value: text };
  }
  if (kinds.includes("integer") || kinds.includes("number")) {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isFinite(number)
      ? { ok: true, value: number }
      : { ok: false, why: `${flagName(name)} takes a number, not “${text.slice(0, 40)}”` };
  }
  if (kinds.includes("boolean")) {
    return text === "true" || text === "false"
      ? { ok: true, value: text === "true" }
      : { ok: false, why: `${flagName(name)} takes true or false` };
  }
  return json(flagName(name), text);
}

const bounds = {
  maxChars: limits.computer.maxStdinChars,
  maxValues: limits.nested.maxInputValues,
  maxDepth: limits.nested.maxInputDepth,
  what: "the JSON",
  where: "limits.nested.maxInput",
};

function json(flag: string, text: string): Value {
  const fault = jsonFault(text, bounds);
  if (fault !== null) return { ok: false, why: fault };
  try {
    return { ok: true, value: z.json().parse(JSON.parse(text)) };
  } catch {
    return { ok: false, why: `${flag} takes JSON, and this is none` };
  }
}

/**
 * Reads the words after the tool's name. `--flag value` and `--flag=value`; a switch needs no value, `--no-flag` turns
 * it off; a list is a flag given more than once; `--json '{…}'` gives all fields at once; `-` as a value is what comes
 * in on stdin.
 */
export function readArguments(tool: ToolDefinition, words: readonly string[], stdin: string | null): Arguments {
  const flags = new Map(flagsOf(tool).map((flag) => [flagName(flag.name), flag]));
  let input: { [key: string]: Json } = {};
  for (let at = 0; at < words.length; at += 1) {
    const [, word = "", given] = /^(--[^=]*)(?:=([\s\S]*))?$/.exec(words[at] ?? "") ?? [];
    if (word === "") return wrong(`“${(words[at] ?? "").slice(0, 60)}” is no flag: every value has a --name before it`);
    const flag = flags.get(word);
    const off = flags.get(word.replace(/^--no-/, "--"));
    if (!flag && off && isSwitch(off) && given === undefined) {
      input[off.name] = false;
      continue;
    }
    if (!flag && word !== "--json") return wrong(`there is no flag ${word.slice(0, 60)}`);
    if (flag && isSwitch(flag) && given === undefined && !/^(true|false)$/.test(words[at + 1] ?? "")) {
      input[flag.name] = true;
      continue;
    }
    const text = given ?? words[(at += 1)];
    if (text === undefined) return wrong(`${word} needs a value`);
    if (text === "-" && stdin === null) return wrong(`${word} is to be read from stdin, and nothing comes in there`);
    const full = text === "-" ? (stdin ?? "") : text;
    if (!flag) {
      const all = json("--json", full);
      if (!all.ok) return all;
      const fields = z.record(z.string(), z.json()).safeParse(all.value);
      if (!fields.success) return wrong("--json takes an object with the tool's fields");
      input = { ...input, ...fields.data };
      continue;
    }
    const list = [flag.property.type ?? []].flat().includes("array");
    const value = list && !full.trimStart().startsWith("[") ? itemOf(flag, full) : valueOf(flag, full);
    if (!value.ok) return value;
    const before = input[flag.name];
    input[flag.name] =
      list && !Array.isArray(value.value) ? [...(Array.isArray(before) ? before : []), value.value] : value.value;
  }
  const missing = [...flags].find(([, flag]) => flag.required && !(flag.name in input));
  return missing ? wrong(`${missing[0]} is needed`) : { ok: true, input };
}

const isSwitch = ({ property }: Flag) => [property.type ?? []].flat().includes("boolean");
const itemOf = (flag: Flag, text: string): Value =>
  valueOf({ ...flag, property: { ...(flag.property.items ?? { type: "string" }) } }, text);
