import { checkElement, checkImage, checkList, checkString, checkText, elementKinds } from "./block-elements.ts";
import { fieldsOf, isFields, listOf, textOf, type Fields } from "./json.ts";
import { Problems } from "./problems.ts";
import { checkRichText, richTextChars } from "./rich-text.ts";
import { SlackError, withMessages } from "./slack-error.ts";

/*
 * Every block that Slack documents and we send, with its limits. https://docs.slack.dev/reference/block-kit/blocks
 * The sum of all text, the size of a table and the ban on empty cells are not in the reference: measured.
 */
export type Surface = "message" | "stream" | "home" | "modal";

export const blockLimits = {
  blocks: { message: 50, stream: 50, home: 100, modal: 100 },
  allTextChars: 13_200,
  markdownChars: 12_000,
  table: { rows: 100, columns: 20, chars: 10_000 },
} as const;

const checkers: Record<string, (block: Fields, at: string, problems: Problems) => void> = {
  divider: () => {},
  header: (block, at, problems) => checkText(block.text, `${at}/text`, 150, problems, ["plain_text"]),
  markdown: (block, at, problems) => checkString(block.text, `${at}/text`, blockLimits.markdownChars, problems),
  image: (block, at, problems) => {
    checkImage(block, at, problems);
    if (block.title !== undefined) checkText(block.title, `${at}/title`, 2000, problems, ["plain_text"]);
  },
  section: (block, at, problems) => {
    if (block.text === undefined && block.fields === undefined) problems.add(at, "must provide text or fields");
    if (block.text !== undefined) checkText(block.text, `${at}/text`, 3000, problems);
    if (block.fields !== undefined) {
      const fields = checkList(block.fields, `${at}/fields`, 10, problems);
      fields.forEach((field, index) => checkText(field, `${at}/fields/${index}`, 2000, problems));
    }
    if (block.accessory !== undefined) {
      checkElement(fieldsOf(block.accessory), `${at}/accessory`, elementKinds.section, problems);
    }
  },
  context: (block, at, problems) => checkElements(block, at, 10, elementKinds.context, problems),
  actions: (block, at, problems) => checkElements(block, at, 25, elementKinds.actions, problems),
  context_actions: (block, at, problems) => checkElements(block, at, 5, elementKinds.context_actions, problems),
  input: (block, at, problems) => {
    checkText(block.label, `${at}/label`, 2000, problems, ["plain_text"]);
    if (block.hint !== undefined) checkText(block.hint, `${at}/hint`, 2000, problems, ["plain_text"]);
    checkElement(fieldsOf(block.element), `${at}/element`, elementKinds.input, problems);
  },
  rich_text: checkRichText,
  table: checkTable,
  task_card: (block, at, problems) => {
    checkString(block.task_id, `${at}/task_id`, 255, problems);
    checkString(block.title, `${at}/title`, 256, problems);
    if (!["pending", "in_progress", "complete", "error"].includes(String(block.status))) {
      problems.add(`${at}/status`, "must be one of: pending, in_progress, complete, error");
    }
    for (const key of ["details", "output"]) {
      if (block[key] !== undefined) checkRichText(fieldsOf(block[key]), `${at}/${key}`, problems);
    }
  },
  plan: (block, at, problems) => {
    checkString(block.title, `${at}/title`, 256, problems);
    if (block.tasks === undefined) return;
    const tasks = checkList(block.tasks, `${at}/tasks`, 50, problems, 0);
    tasks.forEach((task, index) => checkers.task_card?.(task, `${at}/tasks/${index}`, problems));
  },
  card: (block, at, problems) => {
    const parts = ["hero_image", "title", "actions", "body"].filter((key) => block[key] !== undefined);
    if (parts.length === 0) problems.add(at, "must provide one of hero_image, title, actions, body");
    for (const [key, max] of [
      ["title", 150],
      ["subtitle", 150],
      ["body", 200],
    ] as const) {
      if (block[key] !== undefined) checkText(block[key], `${at}/${key}`, max, problems);
    }
    if (block.actions === undefined) return;
    const buttons = checkList(block.actions, `${at}/actions`, 5, problems);
    buttons.forEach((button, index) => checkElement(button, `${at}/actions/${index}`, ["button"], problems));
  },
  alert: (block, at, problems) => {
    checkText(block.text, `${at}/text`, 3000, problems);
    if (
      block.level !== undefined &&
      !["default", "info", "warning", "error", "success"].includes(textOf(block.level))
    ) {
      problems.add(`${at}/level`, "must be one of: default, info, warning, error, success");
    }
  },
};
const allowed: Record<Surface, (type: string) => boolean> = {
  message: () => true,
  stream: () => true,
  home: (type) => !["markdown", "task_card", "plan", "table"].includes(type),
  modal: (type) => !["markdown", "task_card", "plan", "table"].includes(type),
};

function checkElements(block: Fields, at: string, max: number, kinds: readonly string[], problems: Problems): void {
  const elements = checkList(block.elements, `${at}/elements`, max, problems);
  elements.forEach((element, index) => checkElement(element, `${at}/elements/${index}`, kinds, problems));
  const ids = elements.flatMap((element) => (typeof element.action_id === "string" ? [element.action_id] : []));
  if (new Set(ids).size < ids.length) problems.add(`${at}/elements`, "`action_id` must be unique");
}

function checkTable(block: Fields, at: string, problems: Problems): void {
  const { rows: maxRows, columns, chars } = blockLimits.table;
  const rows = listOf(block.rows);
  if (!Array.isArray(block.rows) || rows.length === 0) return problems.add(`${at}/rows`, "must be an array with items");
  if (rows.length > maxRows) problems.add(`${at}/rows`, `no more than ${maxRows} items allowed`);
  let total = 0;
  rows.forEach((row, r) => {
    const cells = checkList(row, `${at}/rows/${r}`, columns, problems);
    if (cells.length !== listOf(rows[0]).length)
      problems.add(`${at}/rows/${r}`, "must have as many cells as the first row");
    cells.forEach((cell, c) => {
      const place = `${at}/rows/${r}/${c}`;
      const size = cell.type === "raw_number" ? String(cell.value).length : richTextChars(cell);
      total += size;
      if (!["raw_text", "rich_text", "raw_number"].includes(String(cell.type))) {
        problems.add(`${place}/type`, "must be one of: raw_text, rich_text, raw_number");
      } else if (cell.type === "rich_text") checkRichText(cell, place, problems);
      if (size === 0) problems.add(place, "must not be empty");
    });
  });
  if (total > chars) problems.add(`${at}/rows`, `must be less than ${chars + 1} characters in all`);
  if (block.column_settings !== undefined) {
    const settings = listOf(block.column_settings);
    if (settings.length > columns) problems.add(`${at}/column_settings`, `no more than ${columns} items allowed`);
  }
}

/** All text a reader sees in it. */
function textChars(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textChars(item), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === "text" && typeof inner === "string" ? inner.length : textChars(inner)),
    0,
  );
}

/** What is wrong with these blocks, in Slack's words; empty when nothing is. */
export function blockProblems(raw: unknown, surface: Surface, root = "/blocks"): string[] {
  const problems = new Problems();
  const blocks = checkList(raw, root, blockLimits.blocks[surface], problems, 0);
  blocks.forEach((block, index) => {
    const at = `${root}/${index}`;
    const type = textOf(block.type);
    const check = checkers[type];
    if (check === undefined || !allowed[surface](type)) return problems.add(`${at}/type`, `unsupported type: ${type}`);
    if (block.block_id !== undefined) checkString(block.block_id, `${at}/block_id`, 255, problems);
    check(block, at, problems);
  });
  const ids = blocks.flatMap((block) => (typeof block.block_id === "string" ? [block.block_id] : []));
  if (new Set(ids).size < ids.length) problems.add(root, "`block_id` must be unique");
  if (blocks.filter((block) => block.type === "table").length > 1) problems.add(root, "only one table allowed");
  const markdown = blocks.filter((block) => block.type === "markdown");
  if (markdown.reduce((sum, block) => sum + textOf(block.text).length, 0) > blockLimits.markdownChars) {
    problems.add(root, `markdown must be less than ${blockLimits.markdownChars + 1} characters in all`);
  }
  return problems.messages;
}

/**
 * The blocks, checked.
 * @throws SlackError `invalid_blocks` with messages that name the place, `msg_blocks_too_long`
 */
export function checkBlocks(raw: unknown, surface: Surface, root = "/blocks"): unknown[] {
  const messages = blockProblems(raw, surface, root);
  if (messages.length > 0) throw withMessages("invalid_blocks", messages);
  const blocks = listOf(raw);
  const isMessage = surface === "message" || surface === "stream";
  if (isMessage && textChars(blocks) > blockLimits.allTextChars) throw new SlackError("msg_blocks_too_long");
  return blocks;
}

/** Blocks as Slack stores them: each with a `block_id`, each element that can be pressed with an `action_id`. */
export function withIds(blocks: readonly unknown[], makeId: () => string): unknown[] {
  const pressable = (element: unknown): unknown =>
    isFields(element) &&
    element.action_id === undefined &&
    !["image", "mrkdwn", "plain_text"].includes(String(element.type))
      ? { ...element, action_id: makeId() }
      : element;
  return blocks.map((block) => {
    if (!isFields(block)) return block;
    const inner: Fields = {};
    if (["actions", "context_actions"].includes(String(block.type)))
      inner.elements = listOf(block.elements).map(pressable);
    if (block.type === "card" && block.actions !== undefined) inner.actions = listOf(block.actions).map(pressable);
    if (block.accessory !== undefined) inner.accessory = pressable(block.accessory);
    if (block.element !== undefined) inner.element = pressable(block.element);
    return { block_id: makeId(), ...block, ...inner };
  });
}
