import { describe, expect, test } from "vitest";
import { ApprovalId, channelId, messageId, threadId, userId } from "../../ids.ts";
import type { TurnRecord } from "./store.ts";
import { messagesOf, noResult } from "./transcript.ts";
import { type Call, callIdOf, type Step, type Turn, turnIdOfDecision, turnIdOfMessage } from "./types.ts";

const place = { platform: "slack", workspace: "T1", channel: "C1" };
const user = (name: string) => userId.make({ platform: "slack", workspace: "T1", user: name });
const ada = user("ADA");
const grace = user("GRACE");
const id = messageId.make({ ...place, message: "1.1" });
const message = {
  kind: "message" as const,
  id,
  thread: threadId.make({ ...place, root: "1.1" }),
  channel: channelId.make(place),
  author: { id: ada, name: "U1" },
  text: "count my files",
  files: [],
  addressed: "mention" as const,
  root: true,
  at: 0,
};
const common = {
  seq: 4,
  principal: ada,
  principalName: "Ada",
  title: "",
  stop: false,
  starts: 1,
  noted: false,
  at: 0,
  missed: false,
};
const turn: Turn = {
  ...common,
  cause: "message",
  id: turnIdOfMessage(id),
  state: "finished",
  context: "[file: uploads/a.csv (text/csv, 9 bytes)]",
  body: message,
};
const step = (n: number, parts: Step["parts"], state: Step["state"] = "done"): Step => ({
  turn: 4,
  n,
  state,
  attempts: 1,
  parts,
  finish: "stop",
  inputTokens: null,
  outputTokens: null,
});
const call = (n: number, over: Partial<Call> = {}): Call => ({
  turn: 4,
  step: 0,
  n,
  id: callIdOf(4, 0, n),
  providerId: "same",
  tool: "list_files",
  input: { path: "home/" },
  state: "ended",
  approval: null,
  output: { files: 3 },
  ...over,
});
const record = (over: Partial<TurnRecord> = {}): TurnRecord => ({ turn, steps: [], calls: [], steers: [], ...over });

describe("a turn as the model reads it", () => {
  test("A3 the question has its author's name and what was fetched for it", () => {
    expect(messagesOf(record(), ada)).toEqual([
      { role: "user", content: "[Ada writes]\ncount my files\n\n[file: uploads/a.csv (text/csv, 9 bytes)]" },
    ]);
    const silent: Turn = { ...turn, context: null, body: { ...message, text: "  " } };
    expect(messagesOf(record({ turn: silent }), ada)).toEqual([{ role: "user", content: "[Ada writes]\n(no text)" }]);
  });

  test("calls and results stand in pairs under our ids, whatever the provider had called them", () => {
    const steps = [
      step(0, [
        { type: "text", text: "I look." },
        { type: "call", n: 0 },
        { type: "call", n: 1 },
      ]),
      step(1, [{ type: "text", text: "Three." }]),
    ];
    const read = messagesOf(record({ steps, calls: [call(0), call(1, { output: null, state: "running" })] }), ada);
    expect(read.slice(1)).toEqual([
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool-call", toolCallId: "c4-0-0", toolName: "list_files", input: { path: "home/" } },
          { type: "tool-call", toolCallId: "c4-0-1", toolName: "list_files", input: { path: "home/" } },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "c4-0-0",
            toolName: "list_files",
            output: { type: "json", value: { files: 3 } },
          },
          {
            type: "tool-result",
            toolCallId: "c4-0-1",
            toolName: "list_files",
            output: { type: "json", value: noResult },
          },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "Three." }] },
    ]);
  });

  test("B9 of another person's turn only words are read: no calls, no results, no files", () => {
    const steps = [
      step(0, [
        { type: "text", text: "I look." },
        { type: "call", n: 0 },
      ]),
      step(1, [{ type: "call", n: 0 }]),
    ];
    const read = messagesOf(record({ steps, calls: [call(0, { output: "the secret" })] }), grace);
    expect(read).toEqual([
      { role: "user", content: "[Ada writes]\ncount my files" },
      { role: "assistant", content: [{ type: "text", text: "I look." }] },
    ]);
    expect(JSON.stringify(read)).not.toContain("secret");
  });

  test("nothing that a provider refuses: no blank text, no empty answer, nothing of a step that has not ended", () => {
    const steps = [step(0, [{ type: "text", text: " \n" }]), step(1, [{ type: "text", text: "half" }], "calling")];
    expect(messagesOf(record({ steps }), ada)).toHaveLength(1);
  });

  test("A8 what was said meanwhile stands before the step that took it, and what none took is not there", () => {
    const steer = (at: number | null, text: string) => ({ id: text, turn: 4, at, body: { ...message, text } });
    const steps = [step(0, [{ type: "text", text: "One." }]), step(1, [{ type: "text", text: "Two." }])];
    const read = messagesOf(record({ steps, steers: [steer(1, "also this"), steer(null, "late")] }), ada);
    expect(read.map((one) => (typeof one.content === "string" ? one.content : one.role))).toEqual([
      expect.stringContaining("count my files"),
      "assistant",
      "[Ada writes]\nalso this",
      "assistant",
    ]);
  });

  test("F1 a decision is told, then the decided call with what came of it", () => {
    const approval = ApprovalId.parse(`ap_${"0".repeat(32)}`);
    const decision: Turn = {
      ...common,
      cause: "decision",
      id: turnIdOfDecision(approval),
      state: "running",
      body: approval,
      context: "[Deckhand] Ada approved: Publish. What came of it follows.",
    };
    const read = messagesOf(
      record({ turn: decision, steps: [step(0, [{ type: "call", n: 0 }])], calls: [call(0, { approval })] }),
      ada,
    );
    expect(read.map((one) => one.role)).toEqual(["user", "assistant", "tool"]);
    expect(read[0]?.content).toBe("[Deckhand] Ada approved: Publish. What came of it follows.");
    expect(messagesOf(record({ turn: decision }), grace)).toHaveLength(1);
  });
});
