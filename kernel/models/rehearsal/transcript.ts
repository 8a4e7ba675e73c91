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
  /** What was said of files of the last message that could not be taken. */
  refused: string[];
  /** No answer was given in this thread before. */
  first: boolean;
  steps: Step[];
}

/** An end of a prompt that asks nothing new: the Thread's showing of pictures. */
const nothingNew = /^\[Deckhand shows the pictures/;
/** What the Thread says before the call that a person has decided about, and its result. */
const decision = /^\[Deckhand\] [\s\S]{0,300}? (?:approved: |denied: |decided: |answered “)/;
/** What the Thread puts beside a person's words: what was said earlier, and files that could not be taken. */
const earlier = /^\[Earlier in this thread\b[^\n]*\]$[\s\S]*^\[End of what was said earlier\.\]$/m;
const refusedLine =
  /^\[(?:file (?<name>.+) could not be taken: (?<why>.+?)(?: The person has been told\.)?|(?<few>Only the first \d+ of \d+ files were taken\b.*))\]$/;
const fileLine = /^\s*\[file: (?<path>.+) \((?<type>[^(),]*)(?:,[^()]*)?\)\]\s*$/;

const textOf = (message: LanguageModelV4Message): string =>
  withoutAuthor(
    typeof message.content === "string"
      ? message.content
      : message.content.map((part) => (part.type === "text" ? part.text : "")).join("\n"),
  );

const bareUrl = (text: string): string => text.replace(/^https?:\/\//, "").replace(/\/$/, "");

/** Chat makes links of what was typed as plain words (`example.com`, `todo.md`); this takes them back. */
const unlinked = (text: string): string =>
  text.replace(/\[([^\]\n]{1,300})\]\(([^()\s]{1,300})\)/g, (link: string, words: string, url: string) =>
    bareUrl(words) === bareUrl(url) ? words : link,
  );

interface Message {
  words: string;
  files: Attached[];
  refused: string[];
}

/** A person's words, without what the Thread put around them. */
function readMessage(text: string): Message {
  const message: Message = { words: "", files: [], refused: [] };
  const kept = text
    .replace(earlier, "")
    .split("\n")
    .filter((line) => {
      const file = fileLine.exec(line)?.groups;
      const refused = file ? undefined : refusedLine.exec(line)?.groups;
      if (file) message.files.push({ path: file["path"] ?? "", mediaType: (file["type"] ?? "").trim() });
      if (refused) message.refused.push(refused["few"] ?? `${refused["name"]}: ${refused["why"]}`);
      return !file && !refused;
    });
  message.words = unlinked(kept.join("\n"))
    .trim()
    .replace(/^\(no text\)$/, "");
  return message;
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

const asksNothing = (message: LanguageModelV4Message | undefined): boolean =>
  message?.role === "user" && nothingNew.test(textOf(message));

/** Reads a prompt. */
export function readTranscript(prompt: LanguageModelV4Prompt): Transcript {
  const messages = prompt.filter((message) => message.role !== "system");
  while (messages.length > 1 && asksNothing(messages.at(-1))) messages.pop();
  const last = messages.findLastIndex((message) => message.role === "user");
  const asked = messages[last];
  const { words, files, refused } = readMessage(asked ? textOf(asked) : "");
  const transcript: Transcript = {
    request: words,
    attached: files,
    fresh: files.length > 0,
    refused,
    first: !messages.slice(0, Math.max(last, 0)).some((message) => message.role === "assistant"),
    steps: [],
  };
  for (let at = last - 1; at >= 0 && transcript.attached.length === 0; at--) {
    const before = messages[at];
    if (before?.role === "user") transcript.attached = readMessage(textOf(before)).files;
  }
  for (const message of messages.slice(last + 1)) readAnswer(message, transcript);
  return asked && decision.test(textOf(asked)) ? decided(messages, last, transcript) : transcript;
}

/** After a decision the work goes on where it waited: with the request it belongs to, and the decided calls' results. */
function decided(messages: LanguageModelV4Prompt, at: number, after: Transcript): Transcript {
  const [call, ...more] = after.steps;
  const asking = messages.slice(0, at).findLastIndex((message) => hasWaiting(message, call));
  const base = messages
    .slice(0, Math.max(asking, 0))
    .findLastIndex((message) => message.role === "user" && !decision.test(textOf(message)));
  if (!call || base < 0) return after;
  const next = messages.findIndex((message, index) => index > base && message.role === "user");
  const before = readTranscript(messages.slice(0, next));
  for (const [index, message] of messages.entries()) {
    if (index < next || message.role !== "user" || !decision.test(textOf(message))) continue;
    const [made] = stepsAfter(messages, index);
    const step = made && waitingFor(before.steps, made);
    if (step && made) step.result = made.result;
  }
  return { ...before, steps: [...before.steps, ...more] };
}

/** The calls that follow a message of a person's, with what came of them. */
function stepsAfter(messages: LanguageModelV4Prompt, index: number): Step[] {
  const end = messages.findIndex((message, at) => at > index && message.role === "user");
  const found: Pick<Transcript, "steps"> = { steps: [] };
  for (const message of messages.slice(index + 1, end < 0 ? undefined : end)) readAnswer(message, found);
  return found.steps;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The step that waited for this; its decider may have changed the input. */
const waitingFor = (steps: Step[], made: Step): Step | undefined => {
  const waiting = steps.filter((step) => step.tool === made.tool && step.result.state === "waiting");
  return waiting.find((step) => same(step.input, made.input)) ?? waiting[0];
};

const hasWaiting = (message: LanguageModelV4Message, call: Step | undefined): boolean =>
  message.role === "tool" &&
  message.content.some(
    (part) => part.type === "tool-result" && part.toolName === call?.tool && resultOf(part.output).state === "waiting",
  );

function readAnswer(message: LanguageModelV4Message, transcript: Pick<Transcript, "steps">): void {
  if (message.role === "system" || message.role === "user") return;
  for (const part of message.content) {
    if (part.type === "tool-call") {
      const { toolCallId: id, toolName: tool, input } = part;
      transcript.steps.push({ id, tool, input, result: { state: "none" } });
    }
    if (part.type === "tool-result") {
      const step = transcript.steps.findLast((known) => known.id === part.toolCallId);
      if (step) step.result = resultOf(part.output);
    }
  }
}
