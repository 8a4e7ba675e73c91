import { KernelError } from "../errors.ts";
import { type ModelEnv, defaultAnthropicModel, defaultOpenAIModel, readModelEnv } from "./env.ts";
import { hasEyes } from "./eyes.ts";

export const providers = ["anthropic", "openai", "compat", "ollama", "rehearsal"] as const;
export type ProviderName = (typeof providers)[number];

export interface ModelChoice {
  provider: ProviderName;
  /** The provider's own name of the model. */
  model: string;
  /** Whether pictures may be sent to it. */
  eyes: boolean;
  /** For showing: `anthropic:claude-sonnet-5-5`. */
  label: string;
  /** Why this one, naming the variable that decided. */
  why: string;
}

const bad = (sentence: string) => new KernelError("config.invalid", sentence);

/** True when Anthropic is reached through Cloudflare's AI Gateway. */
export const usesGateway = (env: ModelEnv): boolean =>
  env.AI_GATEWAY_ID !== undefined && env.CLOUDFLARE_ACCOUNT_ID !== undefined;

/** With a gateway's own token the provider's key may be stored in the gateway. */
const canAskAnthropic = (env: ModelEnv): boolean =>
  env.ANTHROPIC_API_KEY !== undefined || (usesGateway(env) && env.AI_GATEWAY_TOKEN !== undefined);

function checkGateway(env: ModelEnv): void {
  if (env.AI_GATEWAY_ID && !env.CLOUDFLARE_ACCOUNT_ID)
    throw bad("AI_GATEWAY_ID is set but CLOUDFLARE_ACCOUNT_ID is not. Set both, or neither.");
  if (env.AI_GATEWAY_TOKEN && !env.AI_GATEWAY_ID)
    throw bad("AI_GATEWAY_TOKEN is set but AI_GATEWAY_ID is not. Set AI_GATEWAY_ID to the name of your gateway.");
  // The gateway's token must not be sent to another host.
  if (usesGateway(env) && env.ANTHROPIC_BASE_URL)
    throw bad("AI_GATEWAY_ID and ANTHROPIC_BASE_URL are both set. Keep the one that requests should go through.");
}

function named(value: string): { provider: ProviderName; model: string } {
  const colon = value.indexOf(":"); // only the first one: ollama's names hold more
  const name = (colon < 0 ? value : value.slice(0, colon)).toLowerCase();
  const provider = providers.find((known) => known === name);
  if (!provider)
    throw bad(
      `MODEL starts with "${name.slice(0, 40)}", which is no provider. Write one of anthropic:, openai:, compat:, ollama: before the model's name, or rehearsal.`,
    );
  const model = colon < 0 ? "" : value.slice(colon + 1).trim();
  if (provider === "rehearsal") return { provider, model: "rehearsal" };
  if (!model) throw bad(`MODEL names no model after "${provider}:". Write for example MODEL=${examples[provider]}.`);
  return { provider, model };
}

const examples = {
  anthropic: `anthropic:${defaultAnthropicModel}`,
  openai: `openai:${defaultOpenAIModel}`,
  compat: "compat:my-model",
  ollama: "ollama:qwen3:8b",
} as const;

function checkProvider(provider: ProviderName, label: string, env: ModelEnv): void {
  const set = (line: string) => `MODEL is ${label} but ${line}`;
  switch (provider) {
    case "anthropic":
      if (!canAskAnthropic(env))
        throw bad(set("ANTHROPIC_API_KEY is not set. Put ANTHROPIC_API_KEY=… in .env, or set MODEL=rehearsal."));
      return;
    case "openai":
      if (!env.OPENAI_API_KEY)
        throw bad(set("OPENAI_API_KEY is not set. Put OPENAI_API_KEY=… in .env, or set MODEL=rehearsal."));
      return;
    case "compat":
      if (!env.COMPAT_BASE_URL)
        throw bad(
          set("COMPAT_BASE_URL is not set. Put the server's address in .env, ending in /v1 where it has that."),
        );
      return;
    case "ollama":
    case "rehearsal":
      return;
  }
}

function choice(provider: ProviderName, model: string, why: string, env: ModelEnv): ModelChoice {
  const eyes = env.MODEL_EYES ? env.MODEL_EYES === "yes" : hasEyes(model);
  const label = provider === "rehearsal" ? "rehearsal" : `${provider}:${model}`;
  // A rehearsal cannot look at anything, whatever is set.
  return { provider, model, eyes: provider === "rehearsal" ? false : eyes, label, why };
}

/**
 * Which model answers in this environment. Pure; throws `config.invalid` with a sentence that names the variable and
 * the fix.
 */
export function chooseModel(source: object): ModelChoice {
  const env = readModelEnv(source);
  checkGateway(env);
  if (env.MODEL) {
    const { provider, model } = named(env.MODEL);
    const made = choice(provider, model, "MODEL is set", env);
    checkProvider(provider, made.label, env);
    return made;
  }
  if (env.ANTHROPIC_API_KEY) return choice("anthropic", defaultAnthropicModel, "ANTHROPIC_API_KEY is set", env);
  if (canAskAnthropic(env)) return choice("anthropic", defaultAnthropicModel, "AI_GATEWAY_TOKEN is set", env);
  if (env.OPENAI_API_KEY) return choice("openai", defaultOpenAIModel, "OPENAI_API_KEY is set", env);
  return choice("rehearsal", "rehearsal", "no model key is set", env);
}
