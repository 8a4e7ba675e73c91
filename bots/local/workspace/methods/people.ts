import { optionalText, personOf } from "./common.ts";
import { botProfile } from "../api-message.ts";
import { textOf, type Fields } from "../json.ts";
import { app, otherTeam, team, teamOf } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { Caller } from "../tokens.ts";
import type { World } from "../world.ts";

export function authTest(world: World, _args: Fields, caller: Caller): Fields {
  const { grid } = world.setup;
  const place = caller.team === otherTeam.id ? otherTeam : team;
  return {
    url: `${world.origin()}/`,
    team: place.name,
    user: "deckhand",
    team_id: place.id,
    user_id: app.user,
    bot_id: app.bot,
    ...(grid === null ? {} : { enterprise_id: grid.id }),
    is_enterprise_install: caller.org || (grid?.orgInstall ?? false),
  };
}

export function userInfo(_world: World, args: Fields): Fields {
  const person = personOf(textOf(args.user));
  return {
    user: {
      id: person.id,
      team_id: teamOf(person.id).id,
      name: person.name,
      deleted: false,
      color: person.color.slice(1),
      real_name: person.realName,
      tz: "Etc/UTC",
      tz_label: "Coordinated Universal Time",
      tz_offset: 0,
      profile: {
        real_name: person.realName,
        display_name: person.realName,
        real_name_normalized: person.realName,
        display_name_normalized: person.realName,
        team: teamOf(person.id).id,
        ...(person.bot ? { bot_id: app.bot, api_app_id: app.id } : {}),
      },
      is_admin: false,
      is_owner: false,
      is_bot: person.bot,
      is_app_user: false,
      is_restricted: false,
      is_ultra_restricted: false,
      updated: 1_700_000_000,
      ...(args.include_locale === true ? { locale: "en-US" } : {}),
    },
  };
}

export function botInfo(_world: World, args: Fields): Fields {
  const bot = optionalText(args, "bot") ?? app.bot;
  if (bot !== app.bot) throw new SlackError("bot_not_found");
  return { bot: { ...botProfile, user_id: app.user, icons: {} } };
}

export const teamInfo = (world: World): Fields => {
  const { grid } = world.setup;
  const ofGrid = grid === null ? {} : { enterprise_id: grid.id, enterprise_name: grid.name };
  return { team: { id: team.id, name: team.name, domain: team.domain, email_domain: "", icon: {}, ...ofGrid } };
};
