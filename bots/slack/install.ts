import { slackClient } from "../../adapters/slack/client.ts";
import { refused } from "../../adapters/slack/errors.ts";
import { PLATFORM } from "../../adapters/slack/ids.ts";
import { exchangeCode } from "../../adapters/slack/oauth.ts";
import { KernelError, unwrap } from "../../kernel/errors.ts";
import { installationId, type InstallationId } from "../../kernel/ids.ts";
import { keyRing } from "../../kernel/installations/keys.ts";
import { mintTicket, readTicket } from "../../kernel/installations/ticket.ts";
import type { InstallationPort } from "../../kernel/installations/types.ts";
import { limits } from "../../kernel/limits.ts";
import type { SlackEnv } from "./env.ts";
import { installPage } from "./install-page.ts";
import type { Log } from "./log.ts";
import { botScopes } from "./scopes.ts";

export interface InstallOptions {
  env: SlackEnv;
  /** Where the Worker is reached. */
  publicUrl: string;
  installation(id: InstallationId): InstallationPort;
  log: Log;
  now?: () => number;
  fetch?: typeof fetch;
}

const purpose = "slack install";
/** Remembers the tickets of everybody who installs. */
const tickets = installationId.make({ platform: PLATFORM, workspace: "tickets" });

/** Why it did not work, for the person who tried. */
const sentences: Record<string, string> = {
  access_denied: "The installation was cancelled. Nothing has changed.",
  invalid_code: "Slack's confirmation has run out or was used before.",
  bad_redirect_uri: "This Worker's address is not among the app's redirect URLs. Its owner has to update the manifest.",
  invalid_client_id: "SLACK_CLIENT_ID is wrong. The owner of this Deckhand has to set it.",
  bad_client_secret: "SLACK_CLIENT_SECRET is wrong. The owner of this Deckhand has to set it.",
  cannot_install_an_org_installed_app: "Deckhand is installed for your whole organisation already.",
};

/** Installing in workspaces by OAuth: `/slack/install` sends a person to Slack, `/slack/oauth/callback` takes them back. */
export function slackInstall(options: InstallOptions) {
  const { env, log, now = Date.now } = options;
  const redirectUrl = new URL("/slack/oauth/callback", options.publicUrl).href;
  const again = { href: "/slack/install", text: "Try again" };
  const failed = (why: string, status = 400): Response => {
    log.warn("slack: an installation failed", { why });
    const sentence = sentences[why] ?? `Slack says: ${why.replaceAll("_", " ")}.`;
    return installPage(status, "Deckhand was not installed", sentence, again);
  };
  const keys = () => {
    if (env.install === null)
      throw new KernelError(
        "config.invalid",
        "SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_TOKEN_KEY must be set before workspaces can install Deckhand.",
      );
    return env.install;
  };

  return {
    async start(): Promise<Response> {
      const { clientId, tokenKey } = keys();
      const url = new URL("../oauth/v2/authorize", env.apiUrl);
      url.search = new URLSearchParams({
        client_id: clientId,
        scope: botScopes.join(","),
        redirect_uri: redirectUrl,
        state: await mintTicket(await keyRing(tokenKey), purpose, now() + limits.installation.ticketMs),
      }).toString();
      return new Response(null, { status: 302, headers: { location: url.href, "cache-control": "no-store" } });
    },

    async finish(request: Request): Promise<Response> {
      const install = keys();
      const { searchParams } = new URL(request.url);
      const ticket = await readTicket(await keyRing(install.tokenKey), purpose, searchParams.get("state") ?? "", now());
      const fresh = ticket !== null && (await options.installation(tickets).spend(ticket.id, ticket.until));
      if (!fresh) return installPage(400, "Please start again", "This link has run out or was used before.", again);
      const error = searchParams.get("error");
      if (error !== null) return failed(/^[a-z_]{1,60}$/.test(error) ? error : "unknown");
      const api = slackClient({ token: "", apiUrl: env.apiUrl, ...(options.fetch ? { fetch: options.fetch } : {}) });
      const code = searchParams.get("code") ?? "";
      if (!/^[\w.-]{1,500}$/.test(code)) return failed("invalid_code");
      try {
        const given = await exchangeCode(api, install, code, redirectUrl);
        if (given === null) return failed("no_workspace");
        const { accessToken, refreshToken, expiresInMs, installedIn, org, ...about } = given;
        const id = installationId.make({ platform: PLATFORM, workspace: installedIn });
        unwrap(await options.installation(id).install({ accessToken, refreshToken, expiresInMs }, about));
        log.info("slack: installed", { installation: id, org, scopes: about.scopes });
        const link = new URL("https://slack.com/app_redirect");
        link.search = new URLSearchParams({ app: given.app, ...(org ? {} : { team: installedIn }) }).toString();
        const title = `Deckhand is installed in ${given.name}`;
        return installPage(200, title, "Mention @Deckhand in a channel it was invited to, or write to it directly.", {
          href: link.href,
          text: "Open Slack",
        });
      } catch (thrown) {
        if (refused(thrown)) return failed(thrown.slack);
        if (!(thrown instanceof KernelError) || thrown.code === "config.invalid") throw thrown;
        log.error("slack: an installation failed", { thrown });
        return installPage(502, "Deckhand was not installed", thrown.userMessage, again);
      }
    },
  };
}
