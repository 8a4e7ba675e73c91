import { z } from "zod";

/** Where a request of Slack comes from: the workspace, its Enterprise Grid organisation, and who installed the app. */
export interface Origin {
  /** Null for what concerns an organisation as a whole. */
  team: string | null;
  enterprise: string | null;
  /** The app is installed for the whole organisation: its one token serves every workspace of it. */
  org: boolean;
}

const text = z.string().nullish();
const named = z.looseObject({ id: text, enterprise_id: text }).nullish();
const flag = z.union([z.boolean(), z.literal("true"), z.literal("false")]).nullish();

/** Events, commands and interactions name the same things in three ways; loose, because nothing else is read here. */
const Body = z.object({
  type: text,
  team_id: text,
  enterprise_id: text,
  is_enterprise_install: flag,
  authorizations: z.array(z.object({ team_id: text, enterprise_id: text, is_enterprise_install: flag })).nullish(),
  team: named,
  enterprise: named,
  user: z.union([z.string(), z.looseObject({ team_id: text })]).nullish(),
  message: z.looseObject({ team: text }).nullish(),
  view: z.looseObject({ app_installed_team_id: text, team_id: text }).nullish(),
});

/** An organisation's id begins with E; Slack writes it in places where a workspace's stands, too. */
const workspace = (id: string | null | undefined): string | null => (id && !id.startsWith("E") ? id : null);

/**
 * The workspace whose installation serves a request. In a shared channel that is the one our message stands in, not the
 * one of the person who pressed. Null when nothing is named.
 */
export function originOf(body: unknown): Origin | null {
  const read = Body.safeParse(body);
  if (!read.success) return null;
  const { authorizations, user, view, message } = read.data;
  const given = authorizations?.[0];
  const ids = [
    given?.team_id,
    view?.app_installed_team_id,
    // Of other payloads it is the author's, who may be of another company.
    read.data.type === "block_actions" ? message?.team : null,
    read.data.team?.id,
    read.data.team_id,
    view?.team_id,
    typeof user === "object" ? user?.team_id : null,
  ];
  const team = ids.map(workspace).find((id) => id !== null) ?? null;
  const named = [
    given?.enterprise_id,
    read.data.enterprise?.id,
    read.data.enterprise_id,
    read.data.team?.enterprise_id,
  ];
  const enterprise = [...named, ...ids].find((id) => id?.startsWith("E")) ?? null;
  if (team === null && enterprise === null) return null;
  const org = given?.is_enterprise_install ?? read.data.is_enterprise_install;
  return { team, enterprise, org: enterprise !== null && (team === null || org === true || org === "true") };
}
