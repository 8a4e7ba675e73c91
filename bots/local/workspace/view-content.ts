import { checkText, checkString } from "./block-elements.ts";
import { checkBlocks } from "./blocks.ts";
import { fieldsOf, isFields, listOf, type Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import { makeIds } from "./methods/content.ts";
import { Problems } from "./problems.ts";
import { SlackError, withMessages } from "./slack-error.ts";

const { view: limits } = bounds;

function checkHead(view: Fields, kind: "home" | "modal", problems: Problems): void {
  const text = (key: string) => checkText(view[key], `/view/${key}`, limits.titleChars, problems, ["plain_text"]);
  if (kind === "modal") {
    text("title");
    for (const key of ["submit", "close"]) if (view[key] !== undefined && view[key] !== null) text(key);
    const asks = listOf(view.blocks).some((block) => fieldsOf(block).type === "input");
    if (asks && !isFields(view.submit)) problems.add("/view/submit", "must be given when there are input blocks");
  }
  const max = { private_metadata: limits.metadataChars, callback_id: limits.idChars, external_id: limits.idChars };
  for (const [key, chars] of Object.entries(max)) {
    if (view[key] !== undefined) checkString(view[key], `/view/${key}`, chars, problems, 0);
  }
}

/**
 * A view as the app gives it, checked, each block and element with an id.
 * @throws SlackError as Slack refuses it
 * @see https://docs.slack.dev/reference/views
 */
export function readView(raw: unknown, kind: "home" | "modal"): Fields {
  const view = fieldsOf(raw);
  const problems = new Problems();
  if (view.type !== kind) problems.add("/view/type", `must be ${kind}`);
  else checkHead(view, kind, problems);
  if (problems.messages.length > 0) throw withMessages("invalid_arguments", problems.messages);
  if (JSON.stringify(view).length > limits.bytes) throw new SlackError("view_too_large");
  return { ...view, blocks: makeIds(checkBlocks(view.blocks ?? [], kind, "/view/blocks")) };
}
