import { actionIds } from "../../../adapters/slack/actions.ts";
import { changedField, changesOf, editModal, forms, readEdit, readSubmission } from "../../../adapters/slack/modals.ts";
import { parseAction } from "../../../adapters/slack/parse.ts";
import { actionIn, findWaiting, readPressed } from "../../../adapters/slack/view-press.ts";
import { msToTs } from "../../../adapters/slack/ids.ts";
import type { ChatAction } from "../../../kernel/chat/types.ts";
import { unwrap } from "../../../kernel/errors.ts";
import { openForm, pressedAt } from "./open-form.ts";
import { placeOf } from "./place.ts";
import { followHome, refreshHome } from "./show-home.ts";
import type { Listener, ListenerParts } from "./types.ts";

const gone = "This has been decided or has expired meanwhile; nothing was changed.";

/** Opens the form for who may decide; everybody else is told by the thread why not. */
async function open(parts: ListenerParts, place: string, body: unknown): Promise<void> {
  const press = readPressed(body);
  if (press === null) return parts.log.info("slack: ignored", { why: "malformed" });
  const { by, trigger, inHome, value } = press;
  const waiting = findWaiting(unwrap(await parts.desk.person(by.id).overview()), value, by.id);
  if (waiting !== null) {
    const tell = (notice: string) => refreshHome(parts, place, by.id, { notice });
    const form = { trigger, by: by.id, at: pressedAt(body), ...(inHome ? { tell } : {}) };
    await openForm(parts, place, form, editModal(waiting.card, inHome));
  } else if (inHome) await refreshHome(parts, place, by.id, { notice: gone });
  else {
    const { input } = parseAction(body);
    if (input !== null) await parts.intake(input);
  }
}

/** Slack waits three seconds for the answer to a form. */
const checkMs = 1_800;

/** Why the thread would not take a change; null when it would, or does not say so in time: then it tells by itself. */
async function refusalOf(parts: ListenerParts, press: ChatAction): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), checkMs);
  const asked = parts.desk.checkRevision(press).catch((thrown: unknown) => {
    parts.log.warn("slack: a change could not be checked beforehand", { thrown });
    return null;
  });
  const checked = await Promise.race([asked, late]);
  clearTimeout(timer);
  return checked === null || checked.ok ? null : checked.error.userMessage;
}

/** Hands the change to the thread. Gives what is wrong by field, or null. */
async function change(parts: ListenerParts, place: string, body: unknown): Promise<Record<string, string> | null> {
  const form = readSubmission(body);
  const edit = form === null ? null : readEdit(form);
  if (form === null || edit === null) return null;
  const seen = unwrap(await parts.desk.person(form.by.id).overview());
  const waiting = findWaiting(seen, edit.approval, form.by.id);
  if (waiting === null) return { [Object.keys(form.values)[0] ?? ""]: gone };
  const changes = changesOf(waiting.card, form);
  const now = { by: form.by, id: `edit:${form.view}`, ts: msToTs(Date.now()) };
  const value = JSON.stringify(changes);
  const press = actionIn(waiting.thread, now, { action: "revise", subject: edit.approval, value });
  const why = await refusalOf(parts, press);
  if (why !== null) return { [changedField(waiting.card, changes)]: why };
  await parts.intake(press);
  const before = JSON.stringify(waiting.card);
  if (edit.home)
    parts.desk.later(
      followHome(parts, place, form.by.id, seen, (overview) => {
        const card = findWaiting(overview, edit.approval, form.by.id)?.card;
        return JSON.stringify(card) !== before;
      }),
    );
  return null;
}

/** "Edit first" on a card: what is shown is what will run, so the change is shown before it can be approved. */
export const edits: Listener = {
  uses: {},
  listen(app, parts) {
    app.action(actionIds.edit, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "block_actions");
      if (place !== null) await open(parts, place, body);
      await ack();
    });
    app.view(forms.edit, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "view_submission");
      const errors = place === null ? null : await change(parts, place, body);
      await (errors === null ? ack() : ack({ response_action: "errors", errors }));
    });
  },
};
