import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";

/** What a person can set for `npm start`, in `.env` or the environment (which wins). */
const Settings = z.object({
  PORT: z.coerce.number({ error: "PORT must be a number" }).int().min(0).max(65_535).default(4747),
  WORKER_PORT: z.coerce.number({ error: "WORKER_PORT must be a number" }).int().min(0).max(65_535).default(4748),
  DECKHAND_STATE: z.string().min(1).default(".deckhand"),
  SLACK_BOT_TOKEN: z
    .string()
    .startsWith("xoxb-", { error: "SLACK_BOT_TOKEN must be the bot token of your Slack app; it starts with xoxb-" })
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(16, { error: "SLACK_SIGNING_SECRET is too short; copy it from Basic Information of your Slack app" })
    .optional(),
  COMPUTER: z
    .enum(["container", "docker", "jail", "simulated"], {
      error: "COMPUTER must be docker, jail or simulated; without it the best that this machine has is taken",
    })
    .optional(),
  PUBLIC_URL: z
    .url({ error: "PUBLIC_URL must be a full address, for example https://deckhand.example.com" })
    .optional(),
});

/** Variables that are handed on to the Worker as they are. */
const passed = [
  "MODEL",
  "MODEL_EYES",
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_BASE_URL",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "COMPAT_BASE_URL",
  "COMPAT_API_KEY",
  "OLLAMA_BASE_URL",
  "CLOUDFLARE_ACCOUNT_ID",
  "AI_GATEWAY_ID",
  "AI_GATEWAY_TOKEN",
  "REHEARSAL_DELAY_MS",
  "PACE",
  "SLACK_ALLOWED_BOTS",
  "SLACK_CLIENT_ID",
  "SLACK_CLIENT_SECRET",
  "SLACK_TOKEN_KEY",
] as const;

export interface LocalSettings {
  port: number;
  workerPort: number;
  stateDir: string;
  publicUrl: string | null;
  /** What is to be under the computer; null: the best there is. */
  computer: string | null;
  /** A real workspace's, or null: then the local one is served. */
  slack: { botToken: string | null; signingSecret: string } | null;
  workerVars: Record<string, string>;
}

export class SettingsError extends Error {}

/** @throws SettingsError with one line for each wrong variable, saying what to do. */
export function readSettings(env: Record<string, string | undefined>): LocalSettings {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const read = Settings.safeParse(filled);
  if (!read.success) throw new SettingsError(read.error.issues.map((issue) => issue.message).join("\n"));
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, ...rest } = read.data;
  // Workspaces that install the app bring their own tokens.
  const installs = filled["SLACK_CLIENT_ID"] !== undefined;
  if (botToken === undefined ? signingSecret !== undefined && !installs : signingSecret === undefined) {
    const missing = botToken === undefined ? "SLACK_BOT_TOKEN" : "SLACK_SIGNING_SECRET";
    throw new SettingsError(
      `${missing} is missing: a real Slack workspace needs SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET. Set both, or neither for the local workspace.`,
    );
  }
  const workerVars: Record<string, string> = {};
  for (const name of passed) {
    const value = filled[name];
    if (value !== undefined) workerVars[name] = value;
  }
  return {
    port: rest.PORT,
    workerPort: rest.WORKER_PORT,
    stateDir: rest.DECKHAND_STATE,
    publicUrl: rest.PUBLIC_URL ?? null,
    computer: rest.COMPUTER ?? null,
    slack: signingSecret ? { botToken: botToken ?? null, signingSecret } : null,
    workerVars,
  };
}

const named = /_(KEY|TOKEN|SECRET|PASSWORD)$/;

/**
 * Variables that are read are taken out of the environment, which every child would inherit, and with them what is named
 * as a secret, whoever's it is: no child needs one.
 */
export function forgetVariables(env: Record<string, string | undefined>): void {
  const read = new Set<string>([...Object.keys(Settings.shape), ...passed, "WORKER_URL"]);
  for (const name of Object.keys(env)) if (read.has(name) || named.test(name)) delete env[name];
}

/** `.env` beside package.json, under the environment. */
export function readEnvironment(root: string): Record<string, string | undefined> {
  const file = join(root, ".env");
  const own = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  return { ...own, ...process.env };
}

const Keys = z.object({ botToken: z.string(), signingSecret: z.string() });

/** The token and signing secret between the Worker and the local workspace: made once, kept in the state folder. */
export function localKeys(stateDir: string): z.infer<typeof Keys> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, "keys.json");
  if (existsSync(file)) return Keys.parse(JSON.parse(readFileSync(file, "utf8")));
  const keys = {
    botToken: `xoxb-local-${randomBytes(16).toString("hex")}`,
    signingSecret: randomBytes(16).toString("hex"),
  };
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
