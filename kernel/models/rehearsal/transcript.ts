import type { LanguageModelV4Message, LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from "@ai-sdk/provider";
import { withoutAuthor } from "../../chat/authored.ts";

/*
 * The prompt as the rehearsal sees it: what was asked last, which files came with it, which calls were made for it
 * and what came of them. Pure.
 */

/** What came of a call. `waiting`: a person has to decide first. */
export type Result =
  | { state: "ok"; output: unknown }
  | { state: "error"; code: string; message: string }
  | { state: "waiting" }
  | { state: "denied"; reason: string }
  | { state: "none" };

export interface Step {
  id: string;
  tool: string;
  input: unknown;
  result: Result;
}

export interface Attached {
  path: string;
  mediaType: string;
}

export interface Transcript {
  /** Words of the last message, without its file lines. */
  request: string;
  /** Files of the last message that has some, newest message first. */
  attached: Attached[];
  /** True when those came with the last message itself. */
  fresh: boolean;
  /** No answer was given in this thread before. */
  first: boolean;
  steps: Step[];
  /** Text of an answer that was cut off and is to be gone on with. */
  partial: string;
}

/** Think ends a prompt with this when an answer was interrupted: it asks nothing new. */
const goOn = /^Continue your previous response\b/;
const fileLine = /^\s*\[file: (?<path>.+) \((?<type>[^(),]*)(?:,[^()]*)?\)\]\s*$/;

const textOf = (message: LanguageModelV4Message): string =>
  withoutAuthor(
    typeof message.content === "string"
      ? message.content
      : message.content.map((part) => (part.type === "text" ? part.text : "")).join("\n"),
  );

/** What Deckhand itself puts beside the words of a message: what was said earlier, and files that could not be taken. */
const beside =
  /^\[Earlier in this thread[^\n]*\][\s\S]*?^\[End of what was said earlier\.\]$|^\[(?:file .+ could not be taken|Only the first \d+ of)[^\n]*\]$/gm;

function splitFiles(text: string): { words: string; files: Attached[] } {
  const files: Attached[] = [];
  const words = text
    .replaceAll(beside, "")
    .split("\n")
    .filter((line) => {
      const found = fileLine.exec(line)?.groups;
      if (found) files.push({ path: found["path"] ?? "", mediaType: (found["type"] ?? "").trim() });
      return !found;
    });
  return { words: words.join("\n").trim(), files };
}

const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
const word = (value: unknown): string => (typeof value === "string" ? value : "");

/** `path.invalid: …` → code and message; what carries no code is `tool.failed`. */
function errorOf(value: unknown): Result {
  const error = record(value);
  const text = error ? word(error["userMessage"]) || word(error["message"]) : String(value);
  const message = text.replace(/^(?:Kernel)?Error: /, "");
  const coded = /^(?<code>[a-z]+(?:\.[a-z_]+)?): (?<rest>[\s\S]*)$/.exec(message)?.groups;
  const code = word(error?.["code"]) || (coded?.["code"] ?? "tool.failed");
  return { state: "error", code, message: coded?.["code"] === code ? (coded["rest"] ?? message) : message };
}

/** A tool's output in one of the shapes it can have in a prompt. */
export function resultOf(output: LanguageModelV4ToolResultOutput): Result {
  switch (output.type) {
    case "error-text":
    case "error-json":
      return errorOf(output.value);
    case "execution-denied":
      return { state: "denied", reason: output.reason ?? "" };
    case "content":
      return {
        state: "ok",
        output: output.value.map((part) => (part.type === "text" ? part.text : "")).join("\n"),
      };
    case "text":
    case "json":
      return valueOf(output.value);
  }
}

function valueOf(value: unknown): Result {
  const found = record(value);
  if (found?.["status"] === "paused") return { state: "waiting" };
  if (found?.["status"] === "rejected" || found?.["status"] === "denied")
    return { state: "denied", reason: word(found["reason"]) };
  if (found?.["status"] === "error" || found?.["ok"] === false) return errorOf(found["error"] ?? found);
  // A program's own error stands beside its logs and is a result, not a failed call.
  if (found && Object.keys(found).length === 1 && found["error"]) return errorOf(found["error"]);
  return { state: "ok", output: value };
}

/** Reads a prompt. */
export function readTranscript(prompt: LanguageModelV4Prompt): Transcript {
  const messages = prompt.filter((message) => message.role !== "system");
  while (messages.length > 1 && messages.at(-1)?.role === "user" && goOn.test(textOf(messages.at(-1)!))) messages.pop();
  const last = messages.findLastIndex((message) => message.role === "user");
  const asked = messages[last];
  const { words, files } = splitFiles(asked ? textOf(asked) : "");
  const transcript: Transcript = {
    request: words,
    attached: files,
    fresh: files.length > 0,
    first: !messages.slice(0, Math.max(last, 0)).some((message) => message.role === "assistant"),
    steps: [],
    partial: "",
  };
  for (let at = last - 1; at >= 0 && transcript.attached.length === 0; at--) {
    const earlier = messages[at];
    if (earlier?.role === "user") transcript.attached = splitFiles(textOf(earlier)).files;
  }
  for (const message of messages.slice(last + 1)) readAnswer(message, transcript);
  return transcript;
}

function readAnswer(message: LanguageModelV4Message, transcript: Transcript): void {
  if (message.role === "system" || message.role === "user") return;
  for (const part of message.content) {
    if (part.type === "text") transcript.partial += part.text;
    if (part.type === "tool-call") {
      transcript.partial = ""; // what stands before a call was said with it
      transcript.steps.push({
        id: part.toolCallId,
        tool: part.toolName,
        input: part.input,
        result: { state: "none" },
      });
    }
    if (part.type === "tool-result") {
      const step = transcript.steps.findLast((known) => known.id === part.toolCallId);
      if (step) step.result = resultOf(part.output);
    }
  }
}
