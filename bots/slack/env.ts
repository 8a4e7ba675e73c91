import { z } from "zod";
import { KernelError } from "../../kernel/errors.ts";

const missing = (name: string, what: string, where: string): string => `${name} must be set to ${what} (${where})`;
const token = missing("SLACK_BOT_TOKEN", "the app's bot token, xoxb-…", "api.slack.com/apps → OAuth & Permissions");
const secret = missing("SLACK_SIGNING_SECRET", "the app's signing secret", "api.slack.com/apps → Basic Information");
const url = "SLACK_API_URL must be an http(s) address ending in /api/, or be absent for https://slack.com/api/";

/** Variables of the Slack side. */
const SlackEnv = z.object({
  SLACK_BOT_TOKEN: z.string({ error: token }).regex(/^xox[a-z](?:\.[a-z]+)?-\S+$/, { error: token }),
  SLACK_SIGNING_SECRET: z.string({ error: secret }).min(8, { error: secret }),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: url })
    .transform((text) => (text.endsWith("/") ? text : `${text}/`))
    .default("https://slack.com/api/"),
});
export type SlackEnv = z.infer<typeof SlackEnv>;

/** @throws KernelError config.invalid, naming every missing or wrong variable and the fix. */
export function readSlackEnv(env: object): SlackEnv {
  const read = SlackEnv.safeParse(env);
  if (read.success) return read.data;
  throw new KernelError("config.invalid", `${read.error.issues.map((issue) => issue.message).join(". ")}.`);
}
