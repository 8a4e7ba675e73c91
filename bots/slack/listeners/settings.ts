import { z } from "zod";
import { actionIds } from "../../../adapters/slack/actions.ts";
import { forms, readSettings, readSubmission, settingsModal } from "../../../adapters/slack/modals.ts";
import { readPressed } from "../../../adapters/slack/view-press.ts";
import { placeOf } from "./place.ts";
import { refreshHome } from "./show-home.ts";
import type { Listener, ListenerParts } from "./types.ts";

const Done = z.object({ ok: z.literal(true) });

/** Keeps what the form says. Gives what is wrong by field, or null. */
async function save(parts: ListenerParts, place: string, body: unknown): Promise<Record<string, string> | null> {
  const form = readSubmission(body);
  if (form === null) return null;
  const saved = await parts.desk.person(form.by.id).saveSettings(readSettings(form));
  if (!saved.ok) return { model: saved.error.userMessage };
  await refreshHome(parts, place, form.by.id);
  return null;
}

/** The settings that a person has: a form from Home. */
export const settings: Listener = {
  uses: {},
  listen(app, parts) {
    app.action(actionIds.settings, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "block_actions");
      const press = readPressed(body);
      if (place !== null && press !== null) {
        const view = settingsModal(await parts.desk.person(press.by.id).settings());
        await parts.desk.api(place).call("views.open", { trigger_id: press.trigger, view }, Done);
      }
      await ack();
    });
    app.view(forms.settings, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "view_submission");
      const errors = place === null ? null : await save(parts, place, body);
      await (errors === null ? ack() : ack({ response_action: "errors", errors }));
    });
  },
};
