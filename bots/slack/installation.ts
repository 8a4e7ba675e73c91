import { slackClient } from "../../adapters/slack/client.ts";
import { renewTokens } from "../../adapters/slack/oauth.ts";
import { KernelError } from "../../kernel/errors.ts";
import { InstallationObject } from "../../kernel/installations/index.ts";
import type { Grant } from "../../kernel/installations/types.ts";
import { readSlackEnv, type InstallEnv } from "./env.ts";

/** One installation of the Slack app, in a workspace or an Enterprise Grid organisation. */
export class Installation extends InstallationObject {
  protected override keys(): string {
    return this.#install().tokenKey;
  }

  protected override renewed(refreshToken: string): Promise<Grant> {
    const api = slackClient({ token: "", apiUrl: readSlackEnv(this.env).apiUrl });
    return renewTokens(api, this.#install(), refreshToken);
  }

  #install(): InstallEnv {
    const { install } = readSlackEnv(this.env);
    if (install === null)
      throw new KernelError("config.invalid", "SLACK_CLIENT_ID must be set: workspaces have installed the app.");
    return install;
  }
}
