import { fieldsOf, isFields, listOf, textOf } from "./json.ts";
import type { PageMessage } from "./page-api.ts";
import { allBlocks, elementsOf } from "./press.ts";
import type { Given } from "./view-state.ts";

/* What a reader sees of a message, for assertions. */

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== "string") return texts(inner);
    return ["text", "title", "alt_text"].includes(key) ? [inner] : [];
  });
}

/** All its text in order, one piece a line: streamed segments, or blocks, or the plain text. */
export function shownText(message: PageMessage): string {
  const parts = message.segments.flatMap((segment) => {
    switch (segment.kind) {
      case "markdown":
        return [segment.text];
      case "plan":
        return [segment.title];
      case "task":
        return [segment.task.title, segment.task.details, segment.task.output];
      case "blocks":
        return texts(segment.blocks);
      default:
        return [];
    }
  });
  if (parts.length > 0) return parts.filter((part) => part !== "").join("\n");
  return message.blocks.length > 0 ? texts(message.blocks).join("\n") : message.text;
}

export interface ShownButton {
  blockId: string;
  actionId: string;
  label: string;
  value: string;
}

/** Every button a reader could press. */
export const shownButtons = (message: PageMessage): ShownButton[] => buttonsIn(allBlocks(message));

export const buttonsIn = (blocks: readonly unknown[]): ShownButton[] =>
  blocks.filter(isFields).flatMap((block) =>
    [...listOf(block.elements), ...listOf(block.actions), block.accessory]
      .map(fieldsOf)
      .filter((element) => element.type === "button")
      .map((element) => ({
        blockId: textOf(block.block_id),
        actionId: textOf(element.action_id),
        label: textOf(fieldsOf(element.text).text),
        value: textOf(element.value),
      })),
  );

/** What somebody fills in, by the action or block id of each input. */
export type Filled = Record<string, string | string[]>;

/** The same by block and action, as the page sends it. An id that no input has is an error of the test. */
export function givenOf(blocks: readonly unknown[], filled: Filled): Given {
  const given: Given = {};
  for (const [name, value] of Object.entries(filled)) {
    const places = blocks
      .filter(isFields)
      .flatMap((block) =>
        elementsOf(block).map((element) => ({ block: textOf(block.block_id), action: textOf(element.action_id) })),
      );
    const place = places.find((one) => one.action === name) ?? places.find((one) => one.block === name);
    if (place === undefined) throw new Error(`No input ${name}; there are ${JSON.stringify(places)}.`);
    given[place.block] = { ...given[place.block], [place.action]: value };
  }
  return given;
}
