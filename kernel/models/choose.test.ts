import { describe, expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import { chooseModel } from "./choose.ts";
import { describeModel } from "./describe.ts";
import { defaultAnthropicModel, defaultOpenAIModel } from "./env.ts";
import { loadModel } from "./registry.ts";

const sentence = (source: object): string => {
  try {
    chooseModel(source);
  } catch (thrown) {
    if (thrown instanceof KernelError && thrown.code === "config.invalid") return thrown.userMessage;
  }
  return "no config.invalid was thrown";
};

describe("which model answers", () => {
  it("without any key it is the rehearsal, and the start table says what to set", () => {
    const choice = chooseModel({});
    expect(choice).toMatchObject({ provider: "rehearsal", label: "rehearsal", eyes: false });
    expect(describeModel(choice)).toMatchObject({ on: false, set: expect.stringContaining("ANTHROPIC_API_KEY") });
  });

  it("an Anthropic key chooses Anthropic, before an OpenAI key", () => {
    expect(chooseModel({ ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k" })).toMatchObject({
      label: `anthropic:${defaultAnthropicModel}`,
      eyes: true,
      why: "ANTHROPIC_API_KEY is set",
    });
  });

  it("only an OpenAI key chooses OpenAI", () => {
    expect(chooseModel({ OPENAI_API_KEY: "k" }).label).toBe(`openai:${defaultOpenAIModel}`);
  });

  it("an empty line in .env is not set", () => {
    expect(chooseModel({ MODEL: " ", ANTHROPIC_API_KEY: "" }).provider).toBe("rehearsal");
  });

  it("only the first colon of MODEL splits", () => {
    expect(chooseModel({ MODEL: "ollama:qwen3:8b" })).toMatchObject({ provider: "ollama", model: "qwen3:8b" });
  });

  it("MODEL=rehearsal wins over a key, and stays blind", () => {
    expect(chooseModel({ MODEL: "rehearsal", ANTHROPIC_API_KEY: "k", MODEL_EYES: "yes" })).toMatchObject({
      provider: "rehearsal",
      eyes: false,
    });
  });

  it("MODEL_EYES overrides what the name says, both ways", () => {
    expect(chooseModel({ MODEL: "ollama:qwen3:8b", MODEL_EYES: "Yes" }).eyes).toBe(true);
    expect(chooseModel({ ANTHROPIC_API_KEY: "k", MODEL_EYES: "no" }).eyes).toBe(false);
  });

  it("a gateway that holds the key needs no key here", () => {
    const gateway = { CLOUDFLARE_ACCOUNT_ID: "acct", AI_GATEWAY_ID: "gw", AI_GATEWAY_TOKEN: "t" };
    expect(chooseModel(gateway)).toMatchObject({ provider: "anthropic", why: "AI_GATEWAY_TOKEN is set" });
  });

  it("an account id alone, which wrangler uses too, chooses nothing", () => {
    expect(chooseModel({ CLOUDFLARE_ACCOUNT_ID: "acct" }).provider).toBe("rehearsal");
  });

  it.each([
    [{ MODEL: "anthropic:claude-sonnet-4-5" }, "ANTHROPIC_API_KEY"],
    [{ MODEL: "openai:gpt-5" }, "OPENAI_API_KEY"],
    [{ MODEL: "compat:x" }, "COMPAT_BASE_URL"],
    [{ MODEL: "gpt-5" }, "MODEL"],
    [{ MODEL: "ollama:" }, "MODEL=ollama:qwen3:8b"],
    [{ MODEL_EYES: "maybe" }, "MODEL_EYES must be yes or no"],
    [{ OLLAMA_BASE_URL: "localhost:11434" }, "OLLAMA_BASE_URL must start with http"],
    [{ ANTHROPIC_API_KEY: "sk one two" }, "ANTHROPIC_API_KEY"],
    [{ AI_GATEWAY_ID: "gw" }, "CLOUDFLARE_ACCOUNT_ID"],
    [{ AI_GATEWAY_TOKEN: "t" }, "AI_GATEWAY_ID"],
    [{ CLOUDFLARE_ACCOUNT_ID: "a", AI_GATEWAY_ID: "g", ANTHROPIC_BASE_URL: "http://x" }, "ANTHROPIC_BASE_URL"],
    [{ AI_GATEWAY_ID: "https://dash/x", CLOUDFLARE_ACCOUNT_ID: "a" }, "AI_GATEWAY_ID must be the id alone"],
  ])("%o names the variable to mend", (source, named) => {
    expect(sentence(source)).toContain(named);
  });

  it("a wrong secret is never quoted", () => {
    expect(sentence({ ANTHROPIC_API_KEY: "sk-hidden value" })).not.toContain("hidden");
  });
});

describe("the model of a choice", () => {
  it.each([
    [{ ANTHROPIC_API_KEY: "k" }, defaultAnthropicModel],
    [{ OPENAI_API_KEY: "k" }, defaultOpenAIModel],
    [{ MODEL: "ollama:qwen3:8b" }, "qwen3:8b"],
    [{ MODEL: "compat:m", COMPAT_BASE_URL: "http://127.0.0.1:1/v1" }, "m"],
    [{}, "rehearsal"],
  ])("%o loads", async (source, modelId) => {
    const model = await loadModel(chooseModel(source), source);
    expect(model).toMatchObject({ specificationVersion: "v4", modelId });
  });
});
