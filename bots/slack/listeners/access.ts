import { z } from "zod";
import { slackId } from "../../../adapters/slack/payloads.ts";
import { originOf } from "../origin.ts";
import type { Listener, ListenerParts } from "./types.ts";

/** Workspaces of one organisation that are told of at once; an organisation of more tells of the others one by one. */
const maxTeams = 200;
const Teams = z.object({ team_ids: z.array(slackId).max(maxTeams) });

async function change(parts: ListenerParts, body: unknown, event: unknown, granted: boolean): Promise<void> {
  const type = granted ? "team_access_granted" : "team_access_revoked";
  const organisation = originOf(body)?.enterprise ?? null;
  const { data } = Teams.safeParse(event);
  if (organisation === null || data === undefined) return parts.log.warn("slack: ignored", { type, why: "malformed" });
  parts.log.info("slack: an organisation's access has changed", { type, organisation, teams: data.team_ids });
  await parts.access({ organisation, teams: data.team_ids, granted });
}

/** Enterprise Grid: an administrator adds the app to a workspace of the organisation, or takes it away there. */
export const access: Listener = {
  uses: { events: ["team_access_granted", "team_access_revoked"] },
  listen(app, parts) {
    app.event("team_access_granted", ({ body, event }) => change(parts, body, event, true));
    app.event("team_access_revoked", ({ body, event }) => change(parts, body, event, false));
  },
};
