import { z } from "zod";
import type { SlackApi } from "./client.ts";

/** The app itself, as Slack knows it. */
export interface SlackAppKeys {
  clientId: string;
  clientSecret: string;
}

const text = z.string().nullish();
const place = z.object({ id: z.string().regex(/^[A-Z0-9]{1,40}$/), name: text }).nullish();
const Tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: text,
  expires_in: z.number().positive().nullish(),
});
const Access = Tokens.extend({
  app_id: z.string(),
  bot_user_id: text,
  scope: text,
  team: place,
  enterprise: place,
  is_enterprise_install: z.boolean().nullish(),
  authed_user: z.object({ id: text }).nullish(),
});

export interface SlackTokens {
  accessToken: string;
  /** Null without token rotation. */
  refreshToken: string | null;
  expiresInMs: number | null;
}

export interface SlackInstall extends SlackTokens {
  /** The workspace, or the organisation when the app is installed for all of it. */
  installedIn: string;
  name: string;
  app: string;
  bot: string | null;
  installedBy: string | null;
  scopes: string[];
  org: boolean;
}

const tokens = (answer: z.infer<typeof Tokens>): SlackTokens => ({
  accessToken: answer.access_token,
  refreshToken: answer.refresh_token ?? null,
  expiresInMs: answer.expires_in ? answer.expires_in * 1000 : null,
});

/**
 * Trades the code that Slack sent along with a person for the tokens of their workspace.
 * @throws SlackRefused `invalid_code` and others; null when Slack names no place
 * @see https://docs.slack.dev/reference/methods/oauth.v2.access
 */
export async function exchangeCode(
  api: SlackApi,
  app: SlackAppKeys,
  code: string,
  redirectUrl: string,
): Promise<SlackInstall | null> {
  const answer = await api.call(
    "oauth.v2.access",
    { client_id: app.clientId, client_secret: app.clientSecret, code, redirect_uri: redirectUrl },
    Access,
  );
  const org = answer.is_enterprise_install === true;
  const installedIn = org ? answer.enterprise : answer.team;
  if (!installedIn) return null;
  return {
    ...tokens(answer),
    installedIn: installedIn.id,
    name: (installedIn.name ?? installedIn.id).slice(0, 200),
    app: answer.app_id,
    bot: answer.bot_user_id ?? null,
    installedBy: answer.authed_user?.id ?? null,
    scopes: (answer.scope ?? "").split(",").filter((scope) => scope !== ""),
    org,
  };
}

/**
 * Other tokens for a refresh token, which Slack takes once.
 * @throws SlackRefused `invalid_refresh_token` and others
 * @see https://docs.slack.dev/authentication/using-token-rotation
 */
export async function renewTokens(api: SlackApi, app: SlackAppKeys, refreshToken: string): Promise<SlackTokens> {
  const args = { client_id: app.clientId, client_secret: app.clientSecret, refresh_token: refreshToken };
  return tokens(await api.call("oauth.v2.access", { ...args, grant_type: "refresh_token" }, Tokens));
}
