import type { AssistantModelMessage, ModelMessage, ToolModelMessage } from "ai";
import { authored } from "../../chat/authored.ts";
import type { ChatMessage } from "../../chat/types.ts";
import type { UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import type { Json } from "../../tools/types.ts";
import type { TurnRecord } from "./store.ts";
import type { Call, Step } from "./types.ts";

/** What the model reads of a call that has no result: it was cut off, or its turn was stopped. */
export const noResult: Json = {
  error: { code: "tool.interrupted", message: "It was stopped before a result was there." },
};

const said = (name: string, message: ChatMessage): string =>
  authored(name, message.text.slice(0, limits.channel.maxMessageChars).trim() || "(no text)");

/**
 * A turn as the model reads it in a turn of `reader`: what was asked, each step with the results of its calls, what was
 * said meanwhile at its place. Of another person's turn only what the chat saw: words, no calls and no results (B9). Pure,
 * and the same rows give the same messages, so that a later request begins as an earlier one did. Calls go by our ids:
 * unique in the thread, and fit for every provider, whatever it had called them.
 */
export function messagesOf({ turn, steps, calls: all, steers }: TurnRecord, reader: UserId): ModelMessage[] {
  const own = turn.principal === reader;
  const calls = own ? all : [];
  const context = own || turn.cause === "decision" ? (turn.context ?? "") : "";
  const asked =
    turn.cause === "message" ? [said(turn.principalName, turn.body), context].filter(Boolean).join("\n\n") : context;
  const messages: ModelMessage[] = [{ role: "user", content: asked }];
  const before = (n: number) =>
    steers
      .filter((one) => one.at === n)
      .map((one): ModelMessage => ({ role: "user", content: said(turn.principalName, one.body) }));
  for (const step of steps) {
    messages.push(...before(step.n));
    if (step.state === "done")
      messages.push(
        ...answerOf(
          step,
          calls.filter((call) => call.step === step.n),
        ),
      );
  }
  return messages;
}

function answerOf(step: Step, calls: Call[]): ModelMessage[] {
  const content: Exclude<AssistantModelMessage["content"], string> = [];
  const results: ToolModelMessage["content"] = [];
  for (const part of step.parts) {
    if (part.type === "text") {
      if (part.text.trim() !== "") content.push({ type: "text", text: part.text });
      continue;
    }
    const call = calls[part.n];
    if (!call) continue;
    const named = { toolCallId: call.id, toolName: call.tool };
    content.push({ type: "tool-call", ...named, input: call.input });
    results.push({ type: "tool-result", ...named, output: { type: "json", value: call.output ?? noResult } });
  }
  const messages: ModelMessage[] = [];
  if (content.length > 0) messages.push({ role: "assistant", content });
  if (results.length > 0) messages.push({ role: "tool", content: results });
  return messages;
}
