import { z } from "zod";
import { KernelError } from "../../kernel/errors.ts";
import { isKeyText } from "../../kernel/installations/keys.ts";

const missing = (name: string, what: string, where: string): string => `${name} must be set to ${what} (${where})`;
const basic = "api.slack.com/apps → Basic Information";
const token = missing("SLACK_BOT_TOKEN", "the app's bot token, xoxb-…", "api.slack.com/apps → OAuth & Permissions");
const secret = missing("SLACK_SIGNING_SECRET", "the app's signing secret", basic);
const url = "SLACK_API_URL must be an http(s) address ending in /api/, or be absent for https://slack.com/api/";

const bots = "SLACK_ALLOWED_BOTS must be ids of bots, as B0123ABCD, with commas between them";

/** What installing in other workspaces takes; all of it or nothing. */
const install = {
  SLACK_CLIENT_ID: missing("SLACK_CLIENT_ID", "the app's client id", basic),
  SLACK_CLIENT_SECRET: missing("SLACK_CLIENT_SECRET", "the app's client secret", basic),
  SLACK_TOKEN_KEY: missing(
    "SLACK_TOKEN_KEY",
    "32 bytes in base64 that seal the stored tokens, or the new key, a comma and the old one",
    "openssl rand -base64 32",
  ),
} as const;

const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value || undefined, schema.optional());

const SlackVars = z.object({
  SLACK_BOT_TOKEN: optional(z.string({ error: token }).regex(/^xox[a-z](?:\.[a-z]+)?-\S+$/, { error: token })),
  SLACK_SIGNING_SECRET: z.string({ error: secret }).min(8, { error: secret }),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: url })
    .transform((text) => (text.endsWith("/") ? text : `${text}/`))
    .default("https://slack.com/api/"),
  SLACK_ALLOWED_BOTS: optional(z.string({ error: bots }).regex(/^\s*B\w+(\s*,\s*B\w+)*\s*$/, { error: bots })),
  SLACK_CLIENT_ID: optional(
    z.string({ error: install.SLACK_CLIENT_ID }).regex(/^[\w.-]{3,100}$/, { error: install.SLACK_CLIENT_ID }),
  ),
  SLACK_CLIENT_SECRET: optional(
    z.string({ error: install.SLACK_CLIENT_SECRET }).min(8, { error: install.SLACK_CLIENT_SECRET }),
  ),
  SLACK_TOKEN_KEY: optional(
    z.string({ error: install.SLACK_TOKEN_KEY }).refine(isKeyText, { error: install.SLACK_TOKEN_KEY }),
  ),
});

/** Installing in other workspaces. */
export interface InstallEnv {
  clientId: string;
  clientSecret: string;
  /** Seals the stored tokens. */
  tokenKey: string;
}

/** Variables of the Slack side: one workspace by its token, others by installing, or both. */
export interface SlackEnv {
  signingSecret: string;
  apiUrl: string;
  /** Null when every workspace has to install. */
  botToken: string | null;
  /** Null when nobody can install. */
  install: InstallEnv | null;
  /** Bots whose messages are answered like a person's. */
  allowedBots: ReadonlySet<string>;
}

/** What is not there although something else that is there needs it. */
function absent(env: object): string[] {
  const isSet = (name: string): boolean => Boolean(Reflect.get(env, name));
  const names = Object.keys(install) as (keyof typeof install)[];
  if (names.some(isSet)) return names.filter((name) => !isSet(name)).map((name) => install[name]);
  return isSet("SLACK_BOT_TOKEN") ? [] : [`${token}, or ${names.join(", ")} so that workspaces can install the app`];
}

/** @throws KernelError config.invalid, naming every missing or wrong variable and the fix. */
export function readSlackEnv(env: object): SlackEnv {
  const read = SlackVars.safeParse(env);
  const wrong = [...absent(env), ...(read.success ? [] : read.error.issues.map((issue) => issue.message))];
  if (!read.success || wrong.length > 0) throw new KernelError("config.invalid", `${wrong.join(". ")}.`);
  const vars = read.data;
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, SLACK_TOKEN_KEY: tokenKey } = vars;
  return {
    signingSecret: vars.SLACK_SIGNING_SECRET,
    apiUrl: vars.SLACK_API_URL,
    botToken: vars.SLACK_BOT_TOKEN ?? null,
    install: clientId && clientSecret && tokenKey ? { clientId, clientSecret, tokenKey } : null,
    allowedBots: new Set(
      (vars.SLACK_ALLOWED_BOTS ?? "")
        .split(",")
        .map((id) => id.trim())
        .filter(Boolean),
    ),
  };
}
