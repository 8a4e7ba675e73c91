import { chosen, isBlank, keepsValue, type Raw } from "./chosen.ts";
import { fieldsOf, isFields, textOf, type Fields } from "./json.ts";
import { elementsOf } from "./press.ts";

/** What stands in the inputs: by block, then by action. */
export type Given = Record<string, Record<string, Raw>>;

/** Slack's `state.values`: every element that keeps a value, touched or not. */
export function stateValues(blocks: readonly unknown[], given: Given): Record<string, Fields> {
  const values: Record<string, Fields> = {};
  for (const block of blocks.filter(isFields)) {
    const blockId = textOf(block.block_id);
    for (const element of elementsOf(block)) {
      if (!keepsValue(textOf(element.type))) continue;
      const actionId = textOf(element.action_id);
      values[blockId] = { ...values[blockId], [actionId]: chosen(element, given[blockId]?.[actionId]) };
    }
  }
  return values;
}

const numberIn = (element: Fields, key: string): number | null => {
  const value = element[key];
  if (typeof value !== "number" && typeof value !== "string") return null;
  return value === "" || Number.isNaN(Number(value)) ? null : Number(value);
};

function textProblem(element: Fields, text: string): string | null {
  const min = numberIn(element, "min_length");
  const max = numberIn(element, "max_length");
  if (min !== null && text.length < min) return `Please write at least ${min} characters.`;
  if (max !== null && text.length > max) return `Please write at most ${max} characters.`;
  return null;
}

function numberProblem(element: Fields, text: string): string | null {
  const value = Number(text);
  const min = numberIn(element, "min_value");
  const max = numberIn(element, "max_value");
  if (Number.isNaN(value)) return "Please write a number.";
  if (element.is_decimal_allowed !== true && !Number.isInteger(value)) return "Please write a whole number.";
  if (min !== null && value < min) return `Please write ${min} or more.`;
  if (max !== null && value > max) return `Please write ${max} or less.`;
  return null;
}

function problem(element: Fields, entry: Fields): string | null {
  const text = textOf(entry.value);
  switch (element.type) {
    case "plain_text_input":
      return textProblem(element, text);
    case "number_input":
      return numberProblem(element, text);
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Please write an email address.";
    case "url_text_input":
      return URL.canParse(text) ? null : "Please write a link with its https://.";
    default:
      return null;
  }
}

/** What Slack's own form refuses before the app is asked: by block, one sentence each. */
export function fieldErrors(blocks: readonly unknown[], values: Record<string, Fields>): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of blocks.filter(isFields)) {
    if (block.type !== "input") continue;
    const blockId = textOf(block.block_id);
    const element = fieldsOf(block.element);
    const entry = fieldsOf(values[blockId]?.[textOf(element.action_id)]);
    const blank = isBlank(entry);
    const why = blank ? (block.optional === true ? null : "Please fill in this field.") : problem(element, entry);
    if (why !== null) errors[blockId] = why;
  }
  return errors;
}
