import type { Fields } from "./json.ts";
import { app, people, team, teamOf } from "./seed.ts";
import type { World } from "./world.ts";

const token = "local-verification-token";

/** The Grid organisation as payloads name it: null outside of one. */
export const enterpriseOf = (world: World): Fields => {
  const { grid } = world.setup;
  return {
    enterprise: grid === null ? null : { id: grid.id, name: grid.name },
    is_enterprise_install: grid?.orgInstall ?? false,
  };
};

/** What every interaction payload begins with. */
export function interactionBy(world: World, as: string): Fields {
  const person = people.find((one) => one.id === as);
  const name = person?.name ?? as;
  const { grid } = world.setup;
  const ofGrid = grid === null ? {} : { enterprise_id: grid.id, enterprise_name: grid.name };
  return {
    user: { id: as, username: name, name, team_id: teamOf(as).id },
    api_app_id: app.id,
    token,
    team: { id: team.id, domain: team.domain, ...ofGrid },
    ...enterpriseOf(world),
  };
}

/** The same of a slash command, which is a flat form. */
export function commandBy(world: World, as: string): Record<string, string> {
  const { grid } = world.setup;
  return {
    token,
    team_id: team.id,
    team_domain: team.domain,
    ...(grid === null ? {} : { enterprise_id: grid.id, enterprise_name: grid.name }),
    user_id: as,
    user_name: people.find((one) => one.id === as)?.name ?? "",
    api_app_id: app.id,
    is_enterprise_install: String(grid?.orgInstall ?? false),
  };
}
