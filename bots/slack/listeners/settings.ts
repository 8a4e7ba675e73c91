import { actionIds } from "../../../adapters/slack/actions.ts";
import { forms, readSettings, readSubmission, settingsModal } from "../../../adapters/slack/modals.ts";
import { readPressed } from "../../../adapters/slack/view-press.ts";
import { limits } from "../../../kernel/limits.ts";
import { AllowedHost } from "../../../kernel/sandbox/computer/allowed-hosts.ts";
import { openForm } from "./open-form.ts";
import { placeOf } from "./place.ts";
import { refreshHome } from "./show-home.ts";
import type { Listener, ListenerParts } from "./types.ts";

function refusedHosts(hosts: readonly string[]): string | null {
  const { maxEgressHosts } = limits.computer;
  if (hosts.length > maxEgressHosts) return `At most ${maxEgressHosts} hosts.`;
  const wrong = hosts.find((host) => !AllowedHost.safeParse(host).success);
  return wrong === undefined ? null : `${wrong.slice(0, 60)} is no host name such as pypi.org or *.example.com.`;
}

/** Keeps what the form says. Gives what is wrong by field, or null. */
async function save(parts: ListenerParts, place: string, body: unknown): Promise<Record<string, string> | null> {
  const form = readSubmission(body);
  if (form === null) return null;
  const given = readSettings(form);
  const refused = refusedHosts(given.hosts);
  if (refused !== null) return { hosts: refused };
  const saved = await parts.desk.person(form.by.id).saveSettings(given);
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
        const { by, trigger } = press;
        const tell = (notice: string) => refreshHome(parts, place, by.id, { notice });
        const view = settingsModal(await parts.desk.person(by.id).settings());
        await openForm(parts, place, { trigger, by: by.id, at: null, tell }, view);
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
