import { textOf, type Fields } from "../json.ts";
import { bounds } from "../limits.ts";
import type { TokenRecord } from "../records.ts";
import { app, otherTeam, team } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";

function checkClient(world: World, args: Fields): void {
  if (textOf(args.client_id) !== world.setup.clientId) throw new SlackError("invalid_client_id");
  if (textOf(args.client_secret) !== world.setup.clientSecret) throw new SlackError("bad_client_secret");
}

/** What is given out for an installation; with rotation a token that expires and the one to renew it with. */
function grant(world: World, of: Pick<TokenRecord, "team" | "org" | "user" | "scopes">): Fields {
  const { rotation, grid } = world.setup;
  const about = { team: of.team, org: of.org, user: of.user, scopes: of.scopes, redirectUri: null };
  const expiresAt = rotation ? world.now() + bounds.tokenLifeSeconds * 1_000 : null;
  const access = world.tokens.mint("access", { ...about, expiresAt });
  const place = [team, otherTeam].find((one) => one.id === of.team);
  return {
    access_token: access.token,
    token_type: "bot",
    scope: of.scopes.join(","),
    bot_user_id: app.user,
    app_id: app.id,
    team: of.org || place === undefined ? null : { id: place.id, name: place.name },
    enterprise: grid === null ? null : { id: grid.id, name: grid.name },
    is_enterprise_install: of.org,
    authed_user: { id: of.user },
    ...(rotation
      ? {
          expires_in: bounds.tokenLifeSeconds,
          refresh_token: world.tokens.mint("refresh", { ...about, expiresAt: null }).token,
        }
      : {}),
  };
}

/** https://docs.slack.dev/reference/methods/oauth.v2.access */
export function oauthAccess(world: World, args: Fields): Fields {
  checkClient(world, args);
  const { tokens } = world;
  const grantType = textOf(args.grant_type) || "authorization_code";
  if (grantType === "refresh_token") {
    const refresh = tokens.get(textOf(args.refresh_token));
    if (refresh?.kind !== "refresh" || !tokens.spend(refresh, world.now())) {
      throw new SlackError("invalid_refresh_token");
    }
    return grant(world, refresh);
  }
  if (grantType !== "authorization_code") throw new SlackError("invalid_grant_type");
  const code = tokens.get(textOf(args.code));
  if (code?.kind !== "code" || !tokens.spend(code, world.now())) throw new SlackError("invalid_code");
  if (code.redirectUri !== null && code.redirectUri !== textOf(args.redirect_uri)) {
    throw new SlackError("bad_redirect_uri");
  }
  return grant(world, code);
}

/** A token that never expires for a pair that does. https://docs.slack.dev/reference/methods/oauth.v2.exchange */
export function oauthExchange(world: World, args: Fields): Fields {
  checkClient(world, args);
  if (!world.setup.rotation) throw new SlackError("token_rotation_not_enabled");
  const old = world.tokens.get(textOf(args.token));
  if (old?.kind !== "access" || old.expiresAt !== null) throw new SlackError("invalid_token");
  if (!world.tokens.spend(old, world.now())) throw new SlackError("token_already_exchanged");
  return grant(world, old);
}
