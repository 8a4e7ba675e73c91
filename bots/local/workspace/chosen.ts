import { fieldsOf, isFields, listOf, textOf, type Fields } from "./json.ts";

/** What a person put into an element: a text, the value of an option, an id, a date; several where several can be chosen. */
export type Raw = string | readonly string[] | null;

const optionsOf = (element: Fields): Fields[] =>
  [
    ...listOf(element.options),
    ...listOf(element.option_groups).flatMap((group) => listOf(fieldsOf(group).options)),
  ].filter(isFields);

const one = (raw: Raw): string | null => {
  const text = typeof raw === "string" ? raw : (raw?.[0] ?? "");
  return text === "" ? null : text;
};
const many = (raw: Raw): readonly string[] => (typeof raw === "string" ? [raw] : (raw ?? [])).filter((v) => v !== "");

/** Where the value of each kind stands: its key in Slack's state, and the key of what it begins with. */
const single: Record<string, readonly [key: string, initial: string]> = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
};
const several: Record<string, readonly [key: string, initial: string]> = {
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
};
const oneOption = ["static_select", "external_select", "radio_buttons"];
const manyOptions = ["checkboxes", "multi_static_select", "multi_external_select"];

/** Whether Slack keeps a value for an element of this kind. */
export const keepsValue = (type: string): boolean =>
  type in single ||
  type in several ||
  [...oneOption, ...manyOptions, "datetimepicker", "rich_text_input", "file_input"].includes(type);

const richText = (text: string): Fields => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

/**
 * An element's entry in Slack's `state.values`, and what a press tells of it. Undefined: nobody touched it, so it holds
 * what it began with. A choice that is not offered is none.
 * @see https://docs.slack.dev/reference/views#state
 */
export function chosen(element: Fields, raw: Raw | undefined): Fields {
  const type = textOf(element.type);
  const alone = single[type];
  if (alone !== undefined) {
    const [key, initial] = alone;
    const first = element[initial];
    const given = raw === undefined ? (typeof first === "number" ? String(first) : textOf(first)) : raw;
    return { type, [key]: one(given) };
  }
  const list = several[type];
  if (list !== undefined) {
    const [key, initial] = list;
    return { type, [key]: raw === undefined ? listOf(element[initial]) : many(raw) };
  }
  if (oneOption.includes(type)) {
    if (raw === undefined) return { type, selected_option: element.initial_option ?? null };
    return { type, selected_option: optionsOf(element).find((option) => option.value === one(raw)) ?? null };
  }
  if (manyOptions.includes(type)) {
    if (raw === undefined) return { type, selected_options: listOf(element.initial_options) };
    const values = many(raw);
    return { type, selected_options: optionsOf(element).filter((option) => values.includes(textOf(option.value))) };
  }
  if (type === "datetimepicker") {
    const text = raw === undefined ? null : one(raw);
    const seconds = text === null ? element.initial_date_time : Math.floor(Date.parse(text) / 1000);
    return { type, selected_date_time: typeof seconds === "number" && Number.isFinite(seconds) ? seconds : null };
  }
  if (type === "rich_text_input") {
    const text = raw === undefined ? null : one(raw);
    return { type, rich_text_value: text === null ? (element.initial_value ?? null) : richText(text) };
  }
  return type === "file_input" ? { type, files: [] } : { type, value: raw === undefined ? null : one(raw) };
}

/** True when the entry holds nothing: what a required field may not. */
export const isBlank = (entry: Fields): boolean =>
  Object.entries(entry).every(
    ([key, value]) => key === "type" || value === null || (Array.isArray(value) && value.length === 0),
  );
