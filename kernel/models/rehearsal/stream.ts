import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { type Decision, decide } from "./decide.ts";
import type { Failure } from "./plan.ts";
import { readTranscript } from "./transcript.ts";

export interface RehearsalOptions {
  /** Pause between two pieces of text, in milliseconds; 0 pauses nowhere. A slow answer pauses twenty times as long. */
  delayMs?: number;
}

// It counts no tokens, and does not pretend to.
const usage: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

const statuses: Record<Failure, { statusCode: number; message: string; headers?: Record<string, string> }> = {
  refused: { statusCode: 400, message: "The rehearsal model was asked to fail." },
  rate_limited: { statusCode: 429, message: "Rate limited, as asked.", headers: { "retry-after": "20" } },
  unauthorized: { statusCode: 401, message: "Unauthorized, as asked." },
  too_long: { statusCode: 400, message: "prompt is too long, as asked" },
  timeout: { statusCode: 408, message: "Timed out, as asked." },
  overloaded: { statusCode: 529, message: "Overloaded, as asked." },
};

/** The error a real provider's package would throw. Never retryable, so that the notice is there at once. */
function failureError(failure: Failure): APICallError {
  const { statusCode, message, headers } = statuses[failure];
  return new APICallError({
    message,
    url: "rehearsal:",
    requestBodyValues: {},
    statusCode,
    isRetryable: false,
    ...(headers ? { responseHeaders: headers } : {}),
  });
}

const toolNames = (options: LanguageModelV4CallOptions): Set<string> =>
  new Set(options.toolChoice?.type === "none" ? [] : (options.tools ?? []).map((tool) => tool.name));

const finishReason = (decision: Decision): LanguageModelV4FinishReason =>
  decision.calls.length > 0 ? { unified: "tool-calls", raw: "tool-calls" } : { unified: "stop", raw: "stop" };

/** Text in the pieces it is streamed in: a few words, or a line of a slow answer. */
const pieces = (decision: Decision): string[] =>
  decision.text.match(decision.slow ? /[^\n]*\n+|[^\n]+$/g : /(?:\s*\S+){1,3}\s*|\s+/g) ?? [];

/** Waits, and throws the signal's reason as soon as it is aborted. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

async function* parts(
  decision: Decision,
  delayMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  yield { type: "response-metadata", id: crypto.randomUUID(), modelId: "rehearsal" };
  if (decision.text !== "") {
    yield { type: "text-start", id: "text" };
    for (const piece of pieces(decision)) {
      await pause(decision.slow ? delayMs * 20 : delayMs, signal);
      yield { type: "text-delta", id: "text", delta: piece };
    }
    yield { type: "text-end", id: "text" };
  }
  if (decision.fail) {
    yield { type: "error", error: failureError(decision.fail) };
    yield { type: "finish", usage, finishReason: { unified: "error", raw: decision.fail } };
    return;
  }
  for (const call of decision.calls) {
    const input = JSON.stringify(call.input);
    const id = `call_${crypto.randomUUID().replaceAll("-", "")}`;
    yield { type: "tool-input-start", id, toolName: call.tool };
    yield { type: "tool-input-delta", id, delta: input };
    yield { type: "tool-input-end", id };
    yield { type: "tool-call", toolCallId: id, toolName: call.tool, input };
  }
  yield { type: "finish", usage, finishReason: finishReason(decision) };
}

/**
 * The model that answers when no key is set: it matches phrases and drives the real tools with them.
 * @see phrases.ts for what it understands
 */
export function createRehearsal({ delayMs = 0 }: RehearsalOptions = {}): LanguageModelV4 {
  const decided = (options: LanguageModelV4CallOptions): Decision => {
    options.abortSignal?.throwIfAborted();
    const decision = decide(readTranscript(options.prompt), toolNames(options));
    // Fails before the first word, as a provider does that refuses the request.
    if (decision.fail && decision.text === "") throw failureError(decision.fail);
    return decision;
  };
  return {
    specificationVersion: "v4",
    provider: "rehearsal",
    modelId: "rehearsal",
    supportedUrls: {},
    doGenerate: async (options) => {
      const content: LanguageModelV4Content[] = [];
      const decision = decided(options);
      if (decision.fail) throw failureError(decision.fail);
      for await (const part of parts(decision, 0, options.abortSignal))
        if (part.type === "tool-call") content.push(part);
      if (decision.text !== "") content.unshift({ type: "text", text: decision.text });
      return { content, finishReason: finishReason(decision), usage, warnings: [] };
    },
    doStream: async (options) => {
      const source = parts(decided(options), delayMs, options.abortSignal);
      return {
        stream: new ReadableStream<LanguageModelV4StreamPart>({
          async pull(controller) {
            try {
              const next = await source.next();
              if (next.done) controller.close();
              else controller.enqueue(next.value);
            } catch (thrown) {
              controller.error(thrown);
            }
          },
          async cancel() {
            await source.return(undefined);
          },
        }),
      };
    },
  };
}
