import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4StreamPart,
  type LanguageModelV4StreamResult,
} from "@ai-sdk/provider";
import { log } from "../log.ts";
import type { ModelChoice } from "./choose.ts";
import { modelError } from "./errors.ts";

const aborted = /^(?:AbortError|TimeoutError|ResponseAborted)$/;
const word = (value: unknown): string | undefined =>
  typeof value === "string" && /^[a-z0-9_.-]{1,60}$/i.test(value) ? value : undefined;
/** All that is kept of a provider's headers: when to come again. */
const kept = ["retry-after", "retry-after-ms"];

/**
 * An error of a provider without anything the provider wrote: those texts can hold a key or people's words, and what is
 * above a model prints and stores errors as they are. It stays an APICallError, because that is what is tried again.
 */
export function safeError(thrown: unknown, choice: ModelChoice): unknown {
  if (thrown instanceof Error && aborted.test(thrown.name)) return thrown;
  const ours = modelError(thrown, choice);
  const call = APICallError.isInstance(thrown) ? thrown : undefined;
  const data = (call?.data ?? thrown) as { error?: { type?: unknown; code?: unknown }; type?: unknown } | undefined;
  const type = word(data?.error?.type) ?? word(data?.error?.code) ?? word(data?.type);
  log.warn("model: the provider failed", { model: choice.label, status: call?.statusCode, type, code: ours.code });
  const headers = Object.entries(call?.responseHeaders ?? {}).filter(([name]) => kept.includes(name.toLowerCase()));
  return new APICallError({
    message: ours.message,
    url: "",
    requestBodyValues: {},
    responseHeaders: Object.fromEntries(headers),
    isRetryable: call?.isRetryable ?? false,
    ...(call?.statusCode === undefined ? {} : { statusCode: call.statusCode }),
  });
}

function guardStream(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  choice: ModelChoice,
): ReadableStream<LanguageModelV4StreamPart> {
  const reader = stream.getReader();
  return new ReadableStream<LanguageModelV4StreamPart>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value.type === "error" ? { ...value, error: safeError(value.error, choice) } : value);
      } catch (thrown) {
        controller.error(safeError(thrown, choice));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** A model whose errors are safe to print and to store. */
export function guarded(model: LanguageModelV4, choice: ModelChoice): LanguageModelV4 {
  const safely = async <T>(work: PromiseLike<T>): Promise<T> => {
    try {
      return await work;
    } catch (thrown) {
      throw safeError(thrown, choice);
    }
  };
  return {
    specificationVersion: model.specificationVersion,
    provider: model.provider,
    modelId: model.modelId,
    supportedUrls: model.supportedUrls,
    doGenerate: (options) => safely(model.doGenerate(options)),
    doStream: async (options): Promise<LanguageModelV4StreamResult> => {
      const result = await safely(model.doStream(options));
      return { ...result, stream: guardStream(result.stream, choice) };
    },
  };
}
