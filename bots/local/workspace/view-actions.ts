import { z } from "zod";
import { interactionBy } from "./interaction.ts";
import { isFields, listOf, parseJson, textOf, type Fields } from "./json.ts";
import { actionOf, type Press } from "./press.ts";
import type { ViewRecord } from "./records.ts";
import { SlackError } from "./slack-error.ts";
import { sendInteraction, type Answered } from "./to-worker.ts";
import { readView } from "./view-content.ts";
import { fieldErrors, stateValues, type Given } from "./view-state.ts";
import { addModal, apiView, changeView, dropModals } from "./view-store.ts";
import type { World } from "./world.ts";

type Refused = Extract<Answered, { ok: false }>;
const gone: Refused = { ok: false, status: 404, error: "That window is closed already." };

/** The uppermost modal when it is the one that is meant; nothing else can be touched. */
function uppermost(world: World, as: string, viewId: string): ViewRecord | null {
  const top = world.threads.modals(as).at(-1);
  return top?.id === viewId ? top : null;
}

/** What an app may answer to a submission. https://docs.slack.dev/surfaces/modals#handling_submissions */
const Answer = z.discriminatedUnion("response_action", [
  z.object({ response_action: z.literal("clear") }),
  z.object({ response_action: z.literal("errors"), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.enum(["update", "push"]), view: z.record(z.string(), z.unknown()) }),
]);

/** What went wrong in words for the person; null when the answer was followed. */
type Followed = { errors: Record<string, string> } | { refused: string };

function follow(world: World, view: ViewRecord, body: string): Followed {
  if (body.trim() === "") {
    dropModals(world, view.user, false);
    return { errors: {} };
  }
  const answer = Answer.safeParse(parseJson(body));
  if (!answer.success) return { refused: "Deckhand's answer to this form is not one that Slack knows." };
  switch (answer.data.response_action) {
    case "clear":
      dropModals(world, view.user, true);
      return { errors: {} };
    case "errors": {
      const { errors } = answer.data;
      const ids = listOf(view.view.blocks)
        .filter(isFields)
        .filter((block) => block.type === "input");
      const known = Object.keys(errors).every((id) => ids.some((block) => block.block_id === id));
      return known ? { errors } : { refused: "Deckhand named an error of a field that this form does not have." };
    }
    case "update":
      changeView(world, view, readView(answer.data.view, "modal"));
      return { errors: {} };
    case "push":
      addModal(world, view.user, readView(answer.data.view, "modal"));
      return { errors: {} };
  }
}

export type Submitted = { ok: true; errors: Record<string, string> } | Refused;

/** The person presses Submit. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export async function submitView(world: World, as: string, viewId: string, given: Given): Promise<Submitted> {
  const view = uppermost(world, as, viewId);
  if (view === null) return gone;
  const blocks = listOf(view.view.blocks);
  const errors = fieldErrors(blocks, stateValues(blocks, given));
  if (Object.keys(errors).length > 0) return { ok: true, errors };
  const answered = await sendInteraction(world, {
    type: "view_submission",
    ...interactionBy(world, as),
    trigger_id: world.hooks.openTrigger(as, world.now()),
    view: apiView(view, given),
    response_urls: [],
  });
  if (!answered.ok) return answered;
  // The app may have changed or closed it while it answered.
  const now = uppermost(world, as, viewId);
  if (now === null) return { ok: true, errors: {} };
  try {
    const followed = follow(world, now, answered.body);
    return "errors" in followed ? { ok: true, ...followed } : { ok: false, status: 502, error: followed.refused };
  } catch (thrown) {
    if (!(thrown instanceof SlackError)) throw thrown;
    const why = JSON.stringify({ error: thrown.error, ...thrown.extra });
    return { ok: false, status: 502, error: `Slack refused the view that Deckhand answered with: ${why}` };
  }
}

/** The person closes the uppermost modal, or the whole stack; the app hears of those that asked for it. */
export async function closeView(world: World, as: string, viewId: string, all: boolean): Promise<Answered> {
  const view = uppermost(world, as, viewId);
  if (view === null) return gone;
  const clear = all || view.view.clear_on_close === true;
  const told = dropModals(world, as, clear).filter((one) => one.view.notify_on_close === true);
  for (const one of told) {
    await sendInteraction(world, {
      type: "view_closed",
      ...interactionBy(world, as),
      view: apiView(one),
      is_cleared: clear,
    });
  }
  return { ok: true, body: "" };
}

/** A press in a modal, or in Home (`home`). */
export async function pressInView(
  world: World,
  request: Press & { as: string; viewId: string; given: Given },
): Promise<Answered> {
  const { as, viewId, given } = request;
  const view = viewId === "home" ? world.threads.home(as) : uppermost(world, as, viewId);
  if (view === null) return gone;
  const blocks = listOf(view.view.blocks).filter(isFields);
  const action = actionOf(blocks, request, world.nextTs());
  if (action === null) return { ok: false, status: 404, error: "That button is not there any more." };
  const shown = apiView(view, withPress(given, action, request));
  const payload: Fields = {
    type: "block_actions",
    ...interactionBy(world, as),
    container: { type: "view", view_id: view.id },
    trigger_id: world.hooks.openTrigger(as, world.now()),
    view: shown,
    state: shown.state,
    actions: [action],
  };
  return sendInteraction(world, payload);
}

/** The state in a payload knows of the press it is about. */
function withPress(given: Given, action: Fields, press: Press): Given {
  const block = textOf(action.block_id);
  const id = textOf(action.action_id);
  const known = given[block]?.[id];
  if (known !== undefined || press.value === undefined) return given;
  return { ...given, [block]: { ...given[block], [id]: press.value } };
}
