import type { ArgumentSchema, MethodContract } from "./contract/contract.ts";
import { isFields, parseJson, type Fields } from "./json.ts";
import { SlackError, withMessages } from "./slack-error.ts";

/** Arguments that are JSON inside a form field. */
const structured: Record<string, string> = {
  blocks: "invalid_blocks_format",
  metadata: "invalid_metadata_format",
  attachments: "invalid_arguments",
  chunks: "invalid_chunks",
  view: "invalid_arguments",
  files: "invalid_arguments",
  prompts: "invalid_arguments",
  unfurls: "invalid_unfurls_format",
  error: "invalid_arguments",
  loading_messages: "invalid_arguments",
  file_ids: "invalid_arguments",
};

/** What Slack says instead of `invalid_arguments` when one of these is missing. */
const missing: Record<string, Record<string, string>> = {
  "chat.postMessage": { channel: "channel_not_found" },
  "chat.postEphemeral": { channel: "channel_not_found" },
  "chat.update": { channel: "channel_not_found", ts: "message_not_found" },
  "chat.delete": { channel: "channel_not_found", ts: "message_not_found" },
  "users.info": { user: "user_not_found" },
  "files.info": { file: "file_not_found" },
  "reactions.add": { channel: "channel_not_found", timestamp: "no_item_specified", name: "invalid_name" },
};

/** Required, and empty on purpose: it takes the status away. */
const mayBeEmpty: Record<string, string[]> = { "assistant.threads.setStatus": ["status"] };

/** The reference calls these required; the platform takes `chunks` in their place. */
const optionalInTruth: Record<string, string[]> = { "chat.appendStream": ["markdown_text"] };

type Checked = { ok: true; value: unknown } | { ok: false; problems: string[] };
const good = (value: unknown): Checked => ({ ok: true, value });
const bad = (what: string, at: string): Checked => ({ ok: false, problems: [`[ERROR] ${what} [json-pointer:${at}]`] });

function checkText(schema: ArgumentSchema, raw: unknown, at: string): Checked {
  if (typeof raw !== "string") return bad("must be a string", at);
  if (schema.enum !== undefined && !schema.enum.includes(raw))
    return bad(`must be one of: ${schema.enum.join(", ")}`, at);
  if (raw.length < (schema.minLength ?? 0)) return bad(`must be at least ${schema.minLength} characters`, at);
  if (raw.length > (schema.maxLength ?? Infinity)) return bad(`must be at most ${schema.maxLength} characters`, at);
  return good(raw);
}

function checkNumber(schema: ArgumentSchema, raw: unknown, at: string): Checked {
  const value = typeof raw === "string" && /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw;
  if (typeof value !== "number") return bad("must be a number", at);
  if (schema.type === "integer" && !Number.isInteger(value)) return bad("must be an integer", at);
  if (value < (schema.minimum ?? -Infinity)) return bad(`must be at least ${schema.minimum}`, at);
  if (value > (schema.maximum ?? Infinity)) return bad(`must be at most ${schema.maximum}`, at);
  return good(value);
}

function checkList(schema: ArgumentSchema, raw: unknown, at: string): Checked {
  if (!Array.isArray(raw)) return bad("must be an array", at);
  if (raw.length < (schema.minItems ?? 0)) return bad(`must provide at least ${schema.minItems} items`, at);
  if (raw.length > (schema.maxItems ?? Infinity)) return bad(`no more than ${schema.maxItems} items allowed`, at);
  const items = schema.items;
  if (items === undefined) return good(raw);
  const checked = raw.map((item, index) => checkValue(items, item, `${at}/${index}`));
  const problems = checked.flatMap((one) => (one.ok ? [] : one.problems));
  return problems.length > 0 ? { ok: false, problems } : good(raw);
}

function checkObject(schema: ArgumentSchema, raw: unknown, at: string): Checked {
  if (!isFields(raw)) return bad("must be an object", at);
  const absent = (schema.required ?? []).filter((key) => raw[key] === undefined);
  if (absent.length > 0) return bad(`missing required field: ${absent.join(", ")}`, at);
  const problems = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const value = raw[key];
    if (value === undefined) return [];
    const checked = checkValue(inner, value, `${at}/${key}`);
    return checked.ok ? [] : checked.problems;
  });
  return problems.length > 0 ? { ok: false, problems } : good(raw);
}

/** One value against its schema; numbers and booleans may come as text, as they do in a form. */
export function checkValue(schema: ArgumentSchema, raw: unknown, at: string): Checked {
  if (schema.anyOf !== undefined) {
    const tried = schema.anyOf.map((inner) => checkValue(inner, raw, at));
    return tried.find((one) => one.ok) ?? tried[0] ?? good(raw);
  }
  switch (schema.type) {
    case "string":
      return checkText(schema, raw, at);
    case "boolean": {
      const known = new Map<unknown, boolean>([
        ["true", true],
        ["1", true],
        [1, true],
        ["false", false],
        ["0", false],
        [0, false],
      ]);
      const value = typeof raw === "boolean" ? raw : known.get(raw);
      return value === undefined ? bad("must be a boolean", at) : good(value);
    }
    case "integer":
    case "number":
      return checkNumber(schema, raw, at);
    case "array":
      return checkList(schema, raw, at);
    case "object":
      return checkObject(schema, raw, at);
    case "null":
      return raw === null ? good(null) : bad("must be null", at);
    default:
      return good(raw);
  }
}

/**
 * The arguments of one call, of the right types, with JSON fields opened.
 * @throws SlackError as Slack answers: `invalid_arguments` with messages, or the method's own error
 */
export function checkArguments(method: string, contract: MethodContract, raw: Fields): Fields {
  const args: Fields = {};
  const problems: string[] = [];
  for (const name of contract.required) {
    const blank = raw[name] === "" && !mayBeEmpty[method]?.includes(name);
    const empty = raw[name] === undefined || blank || raw[name] === null;
    if (!empty || optionalInTruth[method]?.includes(name)) continue;
    const own = missing[method]?.[name];
    if (own !== undefined) throw new SlackError(own);
    problems.push(`[ERROR] missing required field: ${name}`);
  }
  for (const [name, schema] of Object.entries(contract.properties)) {
    let value = raw[name];
    if (value === undefined || value === null) continue;
    const error = structured[name];
    if (error !== undefined) {
      if (value === "") continue;
      if (typeof value === "string") value = parseJson(value);
      if (typeof value !== "object" || value === null) {
        throw withMessages(error, [`[ERROR] must be valid JSON [json-pointer:/${name}]`]);
      }
    }
    // Documented as a string because a form carries JSON as one; in a JSON body it is the thing itself.
    const opened = error !== undefined && schema.type !== "array" && schema.type !== "object";
    const checked = opened ? good(value) : checkValue(schema, value, `/${name}`);
    if (checked.ok) args[name] = checked.value;
    else problems.push(...checked.problems);
  }
  if (problems.length > 0) throw withMessages("invalid_arguments", problems);
  return args;
}

/** Names that a method's schema does not have; none for a method that is not served. */
export const strangeArguments = (contract: MethodContract | null, raw: Fields): string[] =>
  contract === null ? [] : Object.keys(raw).filter((name) => !Object.hasOwn(contract.properties, name));

/** Raw arguments with their JSON fields opened, for a reader of the recording. */
export const openArguments = (raw: Fields): Fields =>
  Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [
      name,
      structured[name] !== undefined && typeof value === "string" ? (parseJson(value) ?? value) : value,
    ]),
  );
