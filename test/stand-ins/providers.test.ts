import { isStepCount, streamText, tool, type ModelMessage } from "ai";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { KernelError } from "../../kernel/errors.ts";
import { modelError } from "../../kernel/models/errors.ts";
import { chooseModel, loadModel } from "../../kernel/models/registry.ts";
import { startAnthropic } from "./anthropic.ts";
import { startOpenAI } from "./openai.ts";
import { type Fail, fail, inTurn } from "./reply.ts";
import type { Script, StandIn } from "./server.ts";

interface Provider {
  start(script: Script): Promise<StandIn>;
  env(url: string): object;
  tooLong: Fail;
}

const providers: Record<string, Provider> = {
  anthropic: {
    start: startAnthropic,
    env: (url) => ({ ANTHROPIC_API_KEY: "sk-test", ANTHROPIC_BASE_URL: url }),
    tooLong: fail.tooLongAnthropic,
  },
  openai: {
    start: startOpenAI,
    env: (url) => ({ OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: url }),
    tooLong: fail.tooLongOpenAI,
  },
  compat: {
    start: startOpenAI,
    env: (url) => ({ MODEL: "compat:gpt-4o-at-home", COMPAT_BASE_URL: url, COMPAT_API_KEY: "sk-test" }),
    tooLong: fail.tooLongOpenAI,
  },
  ollama: {
    start: startOpenAI,
    env: (url) => ({ MODEL: "ollama:qwen2.5vl:7b", OLLAMA_BASE_URL: url }),
    tooLong: fail.tooLongOpenAI,
  },
};

let standIn: StandIn | undefined;
afterEach(async () => {
  vi.unstubAllGlobals();
  await standIn?.close();
  standIn = undefined;
});

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe.each(Object.entries(providers))("%s over HTTP", (name, provider) => {
  const begin = async (script: Script) => {
    standIn = await provider.start(script);
    const env = provider.env(standIn.url);
    const choice = chooseModel(env);
    return { choice, model: await loadModel(choice, env), requests: standIn.requests };
  };

  /** What a call ends with, as the Thread would tell it. */
  const errorOf = async (failure: Fail, options: { maxRetries?: number; abortSignal?: AbortSignal } = {}) => {
    const { model, choice } = await begin(() => ({ text: "It begins well", fail: failure }));
    let seen: unknown;
    const result = streamText({
      model,
      prompt: "hello",
      maxRetries: 0,
      ...options,
      onError: ({ error }) => {
        seen = error;
      },
      onAbort: () => {
        seen = options.abortSignal?.reason;
      },
    });
    const parts: string[] = [];
    for await (const part of result.fullStream) if (part.type === "text-delta") parts.push(part.text);
    expect(seen, "the failure reached the caller").toBeDefined();
    return { error: modelError(seen, choice), text: parts.join("") };
  };

  it("text comes in pieces, with usage", async () => {
    const text = "Good morning, everybody. The ship leaves at dawn.";
    const { model, requests } = await begin(() => ({ text, usage: { input: 7, output: 9 } }));
    const result = streamText({ model, instructions: "Be kind.", prompt: "hello" });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.join("")).toBe(text);
    expect(pieces.length).toBeGreaterThan(2);
    expect(await result.usage).toMatchObject({ inputTokens: 7, outputTokens: 9 });
    expect(requests[0]).toMatchObject({ text: "hello", system: "Be kind." });
    expect(requests[0]?.model).toBe(chooseModel(provider.env(standIn?.url ?? "")).model);
  });

  it("a tool is called and its result goes back", async () => {
    const { model, requests } = await begin(
      inTurn(
        { text: "I look.", toolCalls: [{ name: "read_file", input: { path: "home/ü.md" } }] },
        { text: "It says: hello." },
      ),
    );
    const read: string[] = [];
    const result = streamText({
      model,
      prompt: "read it",
      stopWhen: isStepCount(3),
      tools: {
        read_file: tool({
          description: "Reads",
          inputSchema: z.object({ path: z.string() }),
          execute: ({ path }) => {
            read.push(path);
            return { text: "hello" };
          },
        }),
      },
    });
    expect(await result.text).toBe("It says: hello.");
    expect(read).toEqual(["home/ü.md"]);
    expect(requests[0]?.tools).toEqual(["read_file"]);
    expect(requests[1]?.toolResults.map(({ output }) => JSON.parse(output))).toEqual([{ text: "hello" }]);
    expect(requests[1]?.text).toBe("read it");
  });

  it("a picture in a message of a person arrives byte for byte", async () => {
    const { model, requests, choice } = await begin(() => ({ text: "A dot." }));
    const messages: ModelMessage[] = [
      {
        role: "user",
        content: [
          { type: "text", text: "what is it?" },
          { type: "file", data: new Uint8Array(png), mediaType: "image/png" },
        ],
      },
    ];
    expect(await streamText({ model, messages }).text).toBe("A dot.");
    expect(requests[0]?.images).toEqual([{ mediaType: "image/png", bytes: new Uint8Array(png) }]);
    expect(choice.eyes).toBe(true);
  });

  it.each<[string, Fail, Partial<KernelError>]>([
    ["a wrong key", fail.unauthorized, { code: "model.unauthorized", retryable: false }],
    ["a rate limit", fail.rateLimited(20), { code: "model.rate_limited", retryable: true, retryAfterMs: 20_000 }],
    ["529", fail.overloaded, { code: "model.failed", retryable: true }],
    ["500", fail.broken, { code: "model.failed", retryable: true }],
    ["an unknown model", fail.noModel, { code: "model.failed", retryable: false }],
    ["too much text", provider.tooLong, { code: "model.too_long", retryable: false }],
  ])("%s is told as what it is, without the provider's words", async (_name, failure, expected) => {
    const { error } = await errorOf(failure);
    expect(error).toMatchObject(expected);
    expect(error.userMessage).not.toMatch(/sk-|127\.0\.0\.1|tokens|Internal/);
  });

  it("an error in mid-stream comes after the text that was there", async () => {
    const { error, text } = await errorOf(fail.midStream);
    expect(text).toBe("It begins well");
    expect(error).toMatchObject({ code: "model.failed", retryable: true });
  });

  it("a connection that breaks in mid-stream is a failure to be tried again", async () => {
    const { error } = await errorOf(fail.cut);
    expect(error).toMatchObject({ code: "model.failed", retryable: true });
  });

  it.each([
    ["that never answers", fail.hangs],
    ["that stalls in mid-stream", fail.stalls],
  ])("a provider %s is a timeout", async (_name, failure) => {
    const { error } = await errorOf(failure, { abortSignal: AbortSignal.timeout(150) });
    expect(error).toMatchObject({ code: "model.timeout", retryable: true });
    expect(await standIn?.requests[0]?.ended).toBe("left");
  });

  it("a provider that is not there is said to be out of reach", async () => {
    const gone = await provider.start(() => ({}));
    await gone.close();
    const env = provider.env(gone.url);
    const choice = chooseModel(env);
    let seen: unknown;
    const result = streamText({
      model: await loadModel(choice, env),
      prompt: "hello",
      maxRetries: 0,
      onError: ({ error }) => {
        seen = error;
      },
    });
    await result.consumeStream();
    expect(modelError(seen, choice).userMessage).toMatch(name === "ollama" ? /ollama serve/ : /cannot be reached/);
  });

  it("one bad answer is tried again by the package", async () => {
    const again: Fail = { ...fail.rateLimited(0), kind: "status" } as Fail;
    const { model, requests } = await begin(inTurn({ fail: again }, { text: "Now it works." }));
    expect(await streamText({ model, prompt: "hello", maxRetries: 1 }).text).toBe("Now it works.");
    expect(requests).toHaveLength(2);
  });
});

describe("AI Gateway", () => {
  it("asks Cloudflare's address with the gateway's token, and keeps the key apart", async () => {
    const asked: { url: string; headers: Headers }[] = [];
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      asked.push({ url, headers: new Headers(init.headers) });
      return Promise.resolve(new Response("{}", { status: 400 }));
    });
    const env = {
      ANTHROPIC_API_KEY: "sk-test",
      CLOUDFLARE_ACCOUNT_ID: "acct",
      AI_GATEWAY_ID: "deck",
      AI_GATEWAY_TOKEN: "gate",
    };
    const result = streamText({
      model: await loadModel(chooseModel(env), env),
      prompt: "hi",
      maxRetries: 0,
      onError: () => {},
    });
    await result.consumeStream();
    expect(asked[0]?.url).toBe("https://gateway.ai.cloudflare.com/v1/acct/deck/anthropic/messages");
    expect(asked[0]?.headers.get("cf-aig-authorization")).toBe("Bearer gate");
    expect(asked[0]?.headers.get("x-api-key")).toBe("sk-test");
  });
});
