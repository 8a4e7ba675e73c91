import { chosen, type Raw } from "./chosen.ts";
import { fieldsOf, isFields, listOf, textOf, type Fields } from "./json.ts";
import type { PageMessage } from "./page-api.ts";

/** What a person did to which element. */
export interface Press {
  blockId: string;
  actionId: string;
  value: string | undefined;
  selectedOption: unknown;
}

/** All blocks of a message, streamed ones and those of its links too. */
export const allBlocks = (message: Pick<PageMessage, "blocks" | "segments" | "unfurls">): Fields[] =>
  [
    ...message.blocks,
    ...(message.unfurls ?? []).flatMap((unfurl) => unfurl.blocks),
    ...message.segments.flatMap((segment) => (segment.kind === "blocks" ? segment.blocks : [])),
  ].filter(isFields);

/** Everything in a block that may be pressed or filled in. */
export const elementsOf = (block: Fields): Fields[] =>
  [...listOf(block.elements), ...listOf(block.actions), block.accessory, block.element].filter(isFields);

/** The block and element with these ids; without a block's id the first element with that action. */
export function findElement(
  blocks: readonly Fields[],
  blockId: string | null,
  actionId: string,
): { block: Fields; element: Fields } | null {
  for (const block of blocks) {
    if (blockId !== null && block.block_id !== blockId) continue;
    const element = elementsOf(block).find((one) => one.action_id === actionId);
    if (element !== undefined) return { block, element };
  }
  return null;
}

function valueOf(element: Fields, press: Press): Fields | null {
  switch (element.type) {
    case "button":
    case "icon_button":
      return { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
    case "feedback_buttons": {
      const sides = [fieldsOf(element.positive_button), fieldsOf(element.negative_button)];
      const side = sides.find((one) => one.value === press.value);
      return side === undefined ? null : { text: side.text, value: side.value };
    }
    case "overflow": {
      const wanted = textOf(fieldsOf(press.selectedOption).value) || press.value;
      const option = listOf(element.options).find((one) => fieldsOf(one).value === wanted);
      return option === undefined ? null : { selected_option: option };
    }
    default:
      break;
  }
  const entry = chosen(element, rawOf(press));
  // A choice that is not offered is no press; taking a choice back is one.
  return "selected_option" in entry && entry.selected_option === null ? null : entry;
}

/** The page sends an option as the app made it, several as a list of them, and ids and texts as they are. */
function rawOf(press: Press): Raw {
  const { selectedOption, value } = press;
  if (Array.isArray(selectedOption)) {
    return selectedOption.map((option) => (typeof option === "string" ? option : textOf(fieldsOf(option).value)));
  }
  return textOf(fieldsOf(selectedOption).value) || (value ?? null);
}

/** The entry of `actions` in the payload, or null when there is no such element or choice. What it carries is the element's own. */
export function actionOf(blocks: readonly Fields[], press: Press, ts: string): Fields | null {
  const found = findElement(blocks, press.blockId === "" ? null : press.blockId, press.actionId);
  const value = found === null ? null : valueOf(found.element, press);
  if (found === null || value === null) return null;
  const { element, block } = found;
  return {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    ...(element.style === undefined ? {} : { style: element.style }),
    ...value,
    action_ts: ts,
  };
}
