import type { Context } from "@slack/bolt";
import { slackClient } from "../../../adapters/slack/client.ts";
import { answerLinks, parseLinks } from "../../../adapters/slack/links.ts";
import type { Listener, ListenerParts } from "./types.ts";

/** Slack is told what is behind a link of ours. It is decoration: when it fails, nothing is sent again for it. */
async function answer(parts: ListenerParts, context: Context, body: unknown, type: string): Promise<void> {
  const { sites, log } = parts;
  if (!sites || !context.botToken) return;
  const input = parseLinks(body, sites.publicUrl);
  if (input === null) return log.debug("slack: ignored", { type, why: "no_link_of_ours" });
  try {
    const api = slackClient({ token: context.botToken, apiUrl: sites.apiUrl });
    await answerLinks({ api, publicUrl: sites.publicUrl, find: (slug) => sites.find(slug) }, input);
  } catch (thrown) {
    log.warn("slack: a link could not be shown", { type, thrown });
  }
}

/** Sites as Work Objects under their links (E4). */
export const links: Listener = {
  uses: { events: ["link_shared", "entity_details_requested"], unfurls: true },
  listen(app, parts) {
    app.event("link_shared", ({ body, context }) => answer(parts, context, body, "link_shared"));
    app.event("entity_details_requested", ({ body, context }) =>
      answer(parts, context, body, "entity_details_requested"),
    );
  },
};
