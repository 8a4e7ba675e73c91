import { APICallError, type LanguageModelV4, type LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { describe, expect, it } from "vitest";
import type { ModelChoice } from "./choose.ts";
import { modelError } from "./errors.ts";
import { guarded, safeError } from "./guard.ts";

const choice: ModelChoice = { provider: "openai", model: "m", eyes: false, label: "openai:m", why: "" };
const refusal = new APICallError({
  message: "invalid key sk-secret",
  url: "https://secret.example/v1",
  requestBodyValues: { messages: ["secret words"] },
  statusCode: 429,
  responseHeaders: { "retry-after": "7", "x-secret": "secret" },
  responseBody: '{"error":{"type":"rate_limit_error","message":"sk-secret"}}',
  isRetryable: true,
  data: { error: { type: "rate_limit_error", message: "sk-secret" } },
});
const everything = (value: unknown): string => {
  const error = value as Error & Record<string, unknown>;
  return JSON.stringify(
    Object.fromEntries(Object.getOwnPropertyNames(error).map((name) => [name, String(error[name])])),
  );
};
const options = { prompt: [] };
const model = (stream: () => ReadableStream<LanguageModelV4StreamPart>): LanguageModelV4 => ({
  specificationVersion: "v4",
  provider: "p",
  modelId: "m",
  supportedUrls: {},
  doGenerate: () => Promise.reject(refusal),
  doStream: async () => ({ stream: stream() }),
});
const streamOf = (part: LanguageModelV4StreamPart) =>
  new ReadableStream<LanguageModelV4StreamPart>({
    start(controller) {
      controller.enqueue(part);
      controller.close();
    },
  });
const read = async (from: ReadableStream<LanguageModelV4StreamPart>): Promise<LanguageModelV4StreamPart[]> => {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of from) parts.push(part);
  return parts;
};

describe("errors of a guarded model", () => {
  it("hold nothing of what the provider wrote, and are still tried again as it asked", () => {
    const safe = safeError(refusal, choice);
    expect(everything(safe)).not.toMatch(/secret/);
    expect(APICallError.isInstance(safe)).toBe(true);
    expect(safe).toMatchObject({ isRetryable: true, statusCode: 429, responseHeaders: { "retry-after": "7" } });
  });

  it("say the same again after they were stored as their message, also by a retry that gave up", () => {
    const { message } = safeError(refusal, choice) as Error;
    for (const stored of [
      message,
      `Failed after 3 attempts. Last error: AI_APICallError: ${message}`,
      new Error(message),
    ])
      expect(modelError(stored)).toMatchObject({
        code: "model.rate_limited",
        userMessage: expect.stringMatching(/^The model provider is limiting .* in 7 seconds\.$/),
      });
  });

  it("an abort stays an abort", () => {
    const abort = new DOMException("stopped", "AbortError");
    expect(safeError(abort, choice)).toBe(abort);
  });

  it("are caught where they are thrown, where they stand in the stream, and where the stream breaks", async () => {
    const inStream = guarded(
      model(() => streamOf({ type: "error", error: { type: "x", message: "sk-secret" } })),
      choice,
    );
    const [part] = await read((await inStream.doStream(options)).stream);
    expect(part?.type === "error" && everything(part.error)).not.toMatch(/secret/);

    const broken = guarded(
      model(() => new ReadableStream({ pull: (controller) => controller.error(new Error("lost sk-secret")) })),
      choice,
    );
    const { stream } = await broken.doStream(options);
    const thrown = await read(stream).catch((error: unknown) => error);
    expect(everything(thrown)).not.toMatch(/secret/);
    expect(thrown).toBeInstanceOf(Error);
    await expect(inStream.doGenerate(options)).rejects.toMatchObject({ message: expect.stringContaining("model.") });
  });
});
