import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { servedMethods } from "./served.ts";

/*
 * Trims Slack's published method reference (slack-ruby/slack-api-ref, MIT) to what the local workspace checks.
 *   node bots/local/workspace/contract/build.ts <folder with NAME.json of each method>
 */
const Source = z.object({
  scope: z.union([z.object({ bot: z.array(z.string()).optional() }), z.literal("none")]).optional(),
  rate_limits: z.string().optional(),
  json_input_supported: z.boolean().optional(),
  args: z.object({ required: z.array(z.string()).optional(), properties: z.record(z.string(), z.json()) }),
  errors: z.record(z.string(), z.unknown()).optional(),
});

const kept = new Set(["type", "subtype", "anyOf", "enum", "items", "required", "properties"]);
const bounds = new Set(["minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength"]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function trim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trim);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key]) => kept.has(key) || bounds.has(key));
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      key,
      key === "properties" && isRecord(inner)
        ? Object.fromEntries(Object.entries(inner).map(([name, schema]) => [name, trim(schema)]))
        : trim(inner),
    ]),
  );
}

/** Arguments that Slack's documents and clients have and this copy of the reference has not. */
const more: Record<string, Record<string, unknown>> = { "chat.unfurl": { metadata: { type: "object" } } };

const folder = process.argv[2];
if (folder === undefined) throw new Error("Give the folder of Slack's method reference.");
const contract: Record<string, unknown> = {};
for (const name of servedMethods) {
  const source = Source.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
  // Of one method the token is no bearer but what it is about.
  const { token, ...others } = source.args.properties;
  const properties = name === "oauth.v2.exchange" && token !== undefined ? { token, ...others } : others;
  contract[name] = {
    tier: source.rate_limits ?? "t3",
    scopes: source.scope === "none" ? [] : (source.scope?.bot ?? []),
    json: source.json_input_supported ?? false,
    required: (source.args.required ?? []).filter((argument) => argument !== "token"),
    properties: Object.fromEntries(Object.entries({ ...properties, ...more[name] }).map(([key, schema]) => [key, trim(schema)])),
    errors: Object.keys(source.errors ?? {}),
  };
}
writeFileSync(join(import.meta.dirname, "methods.json"), `${JSON.stringify(contract, null, 1)}\n`);
