import { z } from "zod";
import { KernelError } from "../../kernel/errors.ts";

const appToken =
  "SLACK_APP_TOKEN must be set to an app-level token with the scope connections:write, xapp-… (api.slack.com/apps → Basic Information → App-Level Tokens)";
const secret =
  "SLACK_SIGNING_SECRET must be set to the app's signing secret, the same as the Worker's (api.slack.com/apps → Basic Information)";
const worker = "WORKER_URL must be the http(s) address of the Worker, or be absent for http://127.0.0.1:4748";
const api = "SLACK_API_URL must be an http(s) address ending in /api/, or be absent for https://slack.com/api/";

const Vars = z.object({
  SLACK_APP_TOKEN: z.string({ error: appToken }).regex(/^xapp-\S+$/, { error: appToken }),
  SLACK_SIGNING_SECRET: z.string({ error: secret }).min(8, { error: secret }),
  WORKER_PORT: z.string().default("4748"),
  WORKER_URL: z.url({ protocol: /^https?$/, error: worker }).optional(),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: api })
    .transform((text) => (text.endsWith("/") ? text : `${text}/`))
    .default("https://slack.com/api/"),
});

export interface SocketEnv {
  appToken: string;
  signingSecret: string;
  workerUrl: string;
  apiUrl: string;
}

/**
 * Variables of the Socket Mode process. Without WORKER_URL it forwards to the Worker that `npm start` runs.
 * @throws KernelError config.invalid, naming every missing or wrong variable and the fix
 */
export function readSocketEnv(env: Record<string, string | undefined>): SocketEnv {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const read = Vars.safeParse(filled);
  if (!read.success)
    throw new KernelError("config.invalid", `${read.error.issues.map((issue) => issue.message).join(".\n")}.`);
  const { data } = read;
  return {
    appToken: data.SLACK_APP_TOKEN,
    signingSecret: data.SLACK_SIGNING_SECRET,
    workerUrl: data.WORKER_URL ?? `http://127.0.0.1:${data.WORKER_PORT}`,
    apiUrl: data.SLACK_API_URL,
  };
}
