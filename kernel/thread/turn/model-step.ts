import { type ModelMessage, streamText, tool, type ToolSet, zodSchema } from "ai";
import { limits } from "../../limits.ts";
import { tools as definitions, toolByName } from "../../tools/index.ts";
import type { Json } from "../../tools/types.ts";
import type { Setup } from "./setup.ts";
import type { MadeCall, StepAnswer } from "./store.ts";

/** The tools as the model is told of them; none of them runs here. Made into JSON once. */
const tools: ToolSet = Object.fromEntries(
  definitions.map(({ name, description, input }) => [name, tool({ description, inputSchema: zodSchema(input) })]),
);

/** How a call of the model ended; `answer` is what came of it until then. */
export type ModelStep =
  | { end: "answered"; answer: StepAnswer }
  | { end: "stopped"; answer: StepAnswer }
  | { end: "failed"; answer: StepAnswer; error: unknown };

export interface ModelRequest {
  setup: Setup;
  system: string;
  messages: ModelMessage[];
  signal: AbortSignal;
  /** All of the text so far of the part that is being written. */
  onText: (n: number, text: string) => void;
}

/** Calls the model once and reads its answer to the end. Never throws. */
export async function modelStep({ setup, system, messages, signal, onText }: ModelRequest): Promise<ModelStep> {
  const answer = new Answer(onText);
  let error: unknown = null;
  try {
    const { modelTimeoutMs } = limits.turn;
    const result = streamText({
      model: setup.model,
      instructions: system,
      messages,
      tools,
      abortSignal: signal,
      timeout: { firstChunkMs: modelTimeoutMs, chunkMs: modelTimeoutMs },
      // It is read from the stream below; without this it is also written to the console.
      onError: () => undefined,
    });
    for await (const part of result.fullStream) {
      if (part.type === "error") error ??= part.error;
      else if (part.type === "abort") error ??= signal.aborted ? null : new DOMException("timed out", "TimeoutError");
      else answer.take(part);
      // Stop is not waited for until the provider has noticed.
      if (signal.aborted) break;
    }
  } catch (thrown) {
    error ??= thrown;
  }
  if (signal.aborted) return { end: "stopped", answer: answer.cutOff("stopped") };
  if (error !== null) return { end: "failed", answer: answer.cutOff("error"), error };
  return { end: "answered", answer: answer.whole() };
}

type StreamPart =
  | { type: "text-start" | "text-end"; id: string }
  | { type: "text-delta"; id: string; text: string }
  | { type: "tool-call"; toolCallId: string; toolName: string; input: unknown }
  | { type: "finish"; finishReason: string; totalUsage: Used }
  | { type: string };
interface Used {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
}

/** What comes out of a stream, in its order. */
class Answer {
  readonly #onText: (n: number, text: string) => void;
  readonly #texts: string[] = [];
  readonly #calls: MadeCall[] = [];
  readonly #parts: StepAnswer["parts"] = [];
  #open = false;
  #finish = "unknown";
  #used: Used = { inputTokens: undefined, outputTokens: undefined };

  constructor(onText: (n: number, text: string) => void) {
    this.#onText = onText;
  }

  take(given: StreamPart): void {
    if (isText(given)) this.#write(given.text);
    else if (isCall(given)) this.#call(given);
    else if (given.type === "text-end" || given.type === "text-start") this.#open = false;
    else if (isFinish(given)) {
      this.#finish = given.finishReason;
      this.#used = given.totalUsage;
    }
  }

  #write(more: string): void {
    if (more === "") return;
    if (!this.#open) {
      this.#texts.push("");
      this.#parts.push({ type: "text", text: "" });
      this.#open = true;
    }
    const n = this.#texts.length - 1;
    const before = this.#texts[n] ?? "";
    if (before.length >= limits.turn.maxTextChars) return;
    const text = (before + more).slice(0, limits.turn.maxTextChars);
    this.#texts[n] = text;
    const last = this.#parts.at(-1);
    if (last?.type === "text") last.text = text;
    this.#onText(n, text);
  }

  #call({ toolCallId, toolName, input }: { toolCallId: string; toolName: string; input: unknown }): void {
    this.#open = false;
    if (this.#calls.length >= limits.turn.maxCallsPerStep) return;
    const unknown = toolByName(toolName) ? null : noTool(toolName);
    this.#parts.push({ type: "call", n: this.#calls.length });
    // Through JSON, as it is stored and sent.
    const plain = JSON.parse(JSON.stringify(input ?? {})) as Json;
    this.#calls.push({ providerId: toolCallId, tool: toolName, input: plain, output: unknown });
  }

  whole(): StepAnswer {
    const { inputTokens = null, outputTokens = null } = this.#used;
    return { parts: this.#parts, calls: this.#calls, finish: this.#finish, inputTokens, outputTokens };
  }

  /** Of an answer that did not come to its end only the words count: nothing that it began to ask for is run. */
  cutOff(finish: string): StepAnswer {
    const parts = this.#parts.filter((part) => part.type === "text");
    return { ...this.whole(), parts, calls: [], finish };
  }
}

const isText = (part: StreamPart): part is Extract<StreamPart, { text: string }> => part.type === "text-delta";
const isCall = (part: StreamPart): part is Extract<StreamPart, { toolName: string }> => part.type === "tool-call";
const isFinish = (part: StreamPart): part is Extract<StreamPart, { totalUsage: Used }> => part.type === "finish";
const noTool = (name: string): Json => ({
  error: { code: "tool.unknown", message: `There is no tool named ${name.slice(0, 100)}.` },
});
