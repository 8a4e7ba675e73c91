import type { LanguageModelV4 } from "@ai-sdk/provider";
import { type ModelChoice, chooseModel, usesGateway } from "./choose.ts";
import { readModelEnv } from "./env.ts";
import { guarded } from "./guard.ts";

export { chooseModel };
export type { ModelChoice };

/** Where Ollama listens when nothing else is said; `/v1` is its OpenAI-compatible door. */
const ollamaDefault = "http://127.0.0.1:11434/v1";
const anthropicDefault = "https://api.anthropic.com/v1";
const openAIDefault = "https://api.openai.com/v1";

/**
 * The model of a choice, ready to be called by `ai`. Each provider's package is imported only when it is chosen:
 * evaluating one costs the Worker's start-up, which is limited. Its errors hold nothing the provider wrote.
 */
export async function loadModel(choice: ModelChoice, source: object): Promise<LanguageModelV4> {
  return guarded(await providersModel(choice, source), choice);
}

async function providersModel(choice: ModelChoice, source: object): Promise<LanguageModelV4> {
  const env = readModelEnv(source);
  switch (choice.provider) {
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      const gateway = usesGateway(env);
      return createAnthropic({
        // Explicit, or the package looks into process.env on its own.
        baseURL: gateway
          ? `https://gateway.ai.cloudflare.com/v1/${env.CLOUDFLARE_ACCOUNT_ID}/${env.AI_GATEWAY_ID}/anthropic`
          : (env.ANTHROPIC_BASE_URL ?? anthropicDefault),
        // Empty when the gateway holds the key.
        apiKey: env.ANTHROPIC_API_KEY ?? "",
        headers: gateway && env.AI_GATEWAY_TOKEN ? { "cf-aig-authorization": `Bearer ${env.AI_GATEWAY_TOKEN}` } : {},
      })(choice.model);
    }
    case "openai": {
      const { createOpenAI } = await import("@ai-sdk/openai");
      return createOpenAI({ baseURL: env.OPENAI_BASE_URL ?? openAIDefault, apiKey: env.OPENAI_API_KEY ?? "" })(
        choice.model,
      );
    }
    case "compat": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({
        name: "compat",
        baseURL: env.COMPAT_BASE_URL ?? "",
        includeUsage: true,
        ...(env.COMPAT_API_KEY ? { apiKey: env.COMPAT_API_KEY } : {}),
      })(choice.model);
    }
    case "ollama": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      return createOpenAICompatible({
        name: "ollama",
        baseURL: env.OLLAMA_BASE_URL ?? ollamaDefault,
        includeUsage: true,
      })(choice.model);
    }
    case "rehearsal": {
      const { createRehearsal } = await import("./rehearsal/stream.ts");
      return createRehearsal({ delayMs: env.REHEARSAL_DELAY_MS ?? 15 });
    }
  }
}
