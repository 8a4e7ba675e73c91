import { isFields, textOf, type Fields } from "./json.ts";
import type { Problems } from "./problems.ts";

/* Elements and composition objects of Block Kit. https://docs.slack.dev/reference/block-kit/block-elements */

export function checkString(value: unknown, at: string, max: number, problems: Problems, min = 1): void {
  if (typeof value !== "string") problems.add(at, "must be a string");
  else if (value.length < min) problems.add(at, `must be more than ${min - 1} characters`);
  else if (value.length > max) problems.add(at, `must be less than ${max + 1} characters`);
}

export function checkText(
  value: unknown,
  at: string,
  max: number,
  problems: Problems,
  kinds = ["plain_text", "mrkdwn"],
): void {
  if (!isFields(value)) return problems.add(at, "must be an object");
  if (!kinds.includes(String(value.type))) return problems.add(`${at}/type`, `must be one of: ${kinds.join(", ")}`);
  checkString(value.text, `${at}/text`, max, problems);
}
const plain = ["plain_text"];

export function checkList(value: unknown, at: string, max: number, problems: Problems, min = 1): Fields[] {
  if (!Array.isArray(value)) {
    problems.add(at, "must be an array");
    return [];
  }
  if (value.length < min) problems.add(at, `no fewer than ${min} items allowed`);
  if (value.length > max) problems.add(at, `no more than ${max} items allowed`);
  return value.flatMap((item: unknown, index) => {
    if (isFields(item)) return [item];
    problems.add(`${at}/${index}`, "must be an object");
    return [];
  });
}

function checkUrl(value: unknown, at: string, problems: Problems): void {
  checkString(value, at, 3000, problems);
  if (typeof value === "string" && !URL.canParse(value)) problems.add(at, "must be a valid URL");
}

export function checkImage(image: Fields, at: string, problems: Problems): void {
  checkString(image.alt_text, `${at}/alt_text`, 2000, problems, 0);
  const sources = [image.image_url, image.slack_file].filter((source) => source !== undefined);
  if (sources.length !== 1) problems.add(at, "must provide exactly one of image_url, slack_file");
  if (image.image_url !== undefined) checkUrl(image.image_url, `${at}/image_url`, problems);
}

function checkConfirm(value: unknown, at: string, problems: Problems): void {
  if (!isFields(value)) return problems.add(at, "must be an object");
  checkText(value.title, `${at}/title`, 100, problems, plain);
  checkText(value.text, `${at}/text`, 300, problems);
  checkText(value.confirm, `${at}/confirm`, 30, problems, plain);
  checkText(value.deny, `${at}/deny`, 30, problems, plain);
}

function checkButton(button: Fields, at: string, problems: Problems): void {
  checkText(button.text, `${at}/text`, 75, problems, plain);
  if (button.value !== undefined) checkString(button.value, `${at}/value`, 2000, problems, 0);
  if (button.url !== undefined) checkUrl(button.url, `${at}/url`, problems);
  if (button.style !== undefined && !["primary", "danger"].includes(textOf(button.style))) {
    problems.add(`${at}/style`, "must be one of: primary, danger");
  }
  if (button.accessibility_label !== undefined) {
    checkString(button.accessibility_label, `${at}/accessibility_label`, 75, problems);
  }
}

function checkOptions(element: Fields, at: string, max: number, problems: Problems): void {
  const options = checkList(element.options, `${at}/options`, max, problems);
  options.forEach((option, index) => {
    checkText(option.text, `${at}/options/${index}/text`, 75, problems);
    if (option.url === undefined) checkString(option.value, `${at}/options/${index}/value`, 150, problems);
  });
}

function checkFeedback(element: Fields, at: string, problems: Problems): void {
  for (const side of ["positive_button", "negative_button"]) {
    const button = element[side];
    if (!isFields(button)) problems.add(`${at}/${side}`, "must be an object");
    else {
      checkText(button.text, `${at}/${side}/text`, 75, problems, plain);
      checkString(button.value, `${at}/${side}/value`, 2000, problems);
    }
  }
}

const pickers = ["datepicker", "timepicker", "datetimepicker"];
const inputs = [
  "plain_text_input",
  "number_input",
  "email_text_input",
  "url_text_input",
  "rich_text_input",
  "file_input",
];
const selects = ["users_select", "conversations_select", "channels_select", "external_select"];
const multi = ["multi_users_select", "multi_conversations_select", "multi_channels_select", "multi_external_select"];
const optionLimits: Record<string, number> = {
  static_select: 100,
  multi_static_select: 100,
  overflow: 5,
  radio_buttons: 10,
  checkboxes: 10,
};

/** What may stand where. */
export const elementKinds: Record<"section" | "actions" | "context" | "context_actions" | "input", readonly string[]> =
  {
    section: ["button", "image", ...Object.keys(optionLimits), ...selects, ...multi, ...pickers],
    actions: ["button", "rich_text_input", ...Object.keys(optionLimits), ...selects, ...multi, ...pickers],
    context: ["image", "mrkdwn", "plain_text"],
    context_actions: ["feedback_buttons", "icon_button"],
    input: [
      "static_select",
      "multi_static_select",
      "radio_buttons",
      "checkboxes",
      ...inputs,
      ...selects,
      ...multi,
      ...pickers,
    ],
  };

/** One element where only `kinds` are allowed. */
export function checkElement(element: Fields, at: string, kinds: readonly string[], problems: Problems): void {
  const type = String(element.type);
  if (!kinds.includes(type)) return problems.add(`${at}/type`, `unsupported type: ${type}`);
  if (element.action_id !== undefined) checkString(element.action_id, `${at}/action_id`, 255, problems);
  if (element.confirm !== undefined) checkConfirm(element.confirm, `${at}/confirm`, problems);
  if (element.placeholder !== undefined) checkText(element.placeholder, `${at}/placeholder`, 150, problems, plain);
  const most = optionLimits[type];
  if (most !== undefined && element.option_groups === undefined) checkOptions(element, at, most, problems);
  if (type === "button") checkButton(element, at, problems);
  if (type === "image") checkImage(element, at, problems);
  if (type === "feedback_buttons") checkFeedback(element, at, problems);
  if (type === "icon_button") {
    checkText(element.text, `${at}/text`, 75, problems, plain);
    // The only icon there is so far.
    if (element.icon !== "trash") problems.add(`${at}/icon`, "must be one of: trash");
  }
  if (type === "mrkdwn" || type === "plain_text") checkString(element.text, `${at}/text`, 3000, problems);
}
