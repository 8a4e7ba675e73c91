import { list, record, str, textOf, type Json } from "../text/json.ts";

/** A Work Object as far as a card shows it. */
export interface EntityView {
  title: string;
  /** What it is and whose: "Site · Deckhand". */
  about: string;
  url: string;
  fields: { label: string; value: string; link: string; long: boolean }[];
  /** Buttons that lead somewhere. */
  links: { text: string; url: string }[];
}

const kinds: Record<string, string> = { file: "File", task: "Task", incident: "Incident", content_item: "Document" };
/** `created_by` → "Created by". */
const named = (key: string): string => (key.charAt(0).toUpperCase() + key.slice(1)).replaceAll("_", " ");

function valueOf(field: Json): string {
  const value = str(field, "value");
  if (str(field, "type") === "slack#/types/timestamp" || typeof field["value"] === "number") {
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds > 1e9) return new Date(seconds * 1000).toLocaleString();
  }
  const user = record(field["user"]);
  return value || str(user, "text") || str(user, "user_id") || str(record(field["entity_ref"]), "title");
}

const fieldOf = (key: string, raw: unknown): EntityView["fields"] => {
  const field = record(raw);
  const value = valueOf(field);
  if (value === "") return [];
  return [{ label: str(field, "label") || named(key), value, link: str(field, "link"), long: field["long"] === true }];
};

/** Reads what an app sent; what is missing is left out. */
export function readEntity(raw: unknown): EntityView {
  const entity = record(raw);
  const payload = record(entity["entity_payload"]);
  const attributes = record(payload["attributes"]);
  const kind = str(entity, "entity_type").split("/").at(-1) ?? "";
  const about = [str(attributes, "display_type") || (kinds[kind] ?? ""), str(attributes, "product_name")];
  const id = str(attributes, "display_id");
  const actions = record(payload["actions"]);
  const custom = list(payload, "custom_fields").map((field) => record(field));
  return {
    title: textOf(attributes, "title"),
    about: [...about, id].filter((part) => part !== "").join(" · "),
    url: str(entity, "url"),
    fields: [
      ...Object.entries(record(payload["fields"])).flatMap(([key, field]) => fieldOf(key, field)),
      ...custom.flatMap((field) => fieldOf(str(field, "key"), field)),
    ],
    links: [...list(actions, "primary_actions"), ...list(actions, "overflow_actions")]
      .map((action) => ({ text: textOf(record(action), "text"), url: str(record(action), "url") }))
      .filter((link) => link.url !== ""),
  };
}
