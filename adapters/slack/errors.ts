import { KernelError } from "../../kernel/errors.ts";

/** Slack answered `ok: false`. `slack` is its error code, the method's page lists them. */
export class SlackRefused extends KernelError {
  readonly method: string;
  readonly slack: string;

  constructor(method: string, slack: string, cause?: unknown) {
    super("platform.refused", `Slack refused ${method} (${slack}).${hint(slack)}`, { cause });
    this.name = "SlackRefused";
    this.method = method;
    this.slack = slack;
  }
}

function hint(code: string): string {
  switch (code) {
    case "invalid_auth":
    case "not_authed":
    case "account_inactive":
    case "token_revoked":
    case "token_expired":
      return " Check SLACK_BOT_TOKEN: it must be this app's current bot token; or install the app again.";
    case "missing_scope":
      return " Reinstall the app with the generated manifest.";
    case "not_in_channel":
    case "channel_not_found":
      return " Invite Deckhand to the channel.";
    case "is_archived":
      return " The channel is archived.";
    default:
      return "";
  }
}

/** True when Slack said no, with one of these codes where some are given. */
export const refused = (thrown: unknown, ...codes: string[]): thrown is SlackRefused =>
  thrown instanceof SlackRefused && (codes.length === 0 || codes.includes(thrown.slack));

export const rateLimited = (thrown: unknown): thrown is KernelError =>
  thrown instanceof KernelError && thrown.code === "platform.rate_limited";
