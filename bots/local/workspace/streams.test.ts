import { describe, expect, it } from "vitest";
import { blankMessage } from "./methods/content.ts";
import type { MessageRecord } from "./records.ts";
import { addChunk, appendTo, endStream, parseChunks } from "./streams.ts";

const live: MessageRecord = {
  ...blankMessage("C1", "1.1", null),
  stream: { state: "live", startedAt: 0, chars: 0, mode: null, recipient: null },
};
const text = (markdown: string) => ({ markdown, chunks: undefined });
const error = (run: () => unknown): string => {
  try {
    run();
    return "none";
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
};

describe("streams", () => {
  it("join text that follows text, and update a task in place: title and status replaced, the rest appended", () => {
    const task = { type: "task_update" as const, id: "t", title: "A", status: "in_progress" as const };
    const segments = [
      { type: "markdown_text" as const, text: "a" },
      { type: "markdown_text" as const, text: "b" },
      { ...task, details: "1", output: "x" },
      { type: "markdown_text" as const, text: "c" },
      { ...task, title: "B", status: "complete" as const, details: "2" },
    ].reduce(addChunk, [] as MessageRecord["segments"]);
    expect(segments).toEqual([
      { kind: "markdown", text: "ab" },
      { kind: "task", task: { id: "t", title: "B", status: "complete", details: "12", output: "x" } },
      { kind: "markdown", text: "c" },
    ]);
  });

  it("keep one plan title, the latest, at the top", () => {
    const plan = (title: string) => ({ type: "plan_update" as const, title });
    const segments = [{ type: "markdown_text" as const, text: "a" }, plan("One"), plan("Two")].reduce(
      addChunk,
      [] as MessageRecord["segments"],
    );
    expect(segments).toEqual([
      { kind: "plan", title: "Two" },
      { kind: "markdown", text: "a" },
    ]);
  });

  it("show a task that was left open as failed", () => {
    const open = appendTo(
      live,
      { markdown: undefined, chunks: [{ type: "task_update", id: "t", title: "A", status: "in_progress" }] },
      0,
      "append",
    );
    expect(endStream(open, "done").segments).toMatchObject([{ task: { status: "error" } }]);
  });

  it.each([
    ["after five minutes", () => appendTo(live, text("x"), 300_001, "append"), "message_not_in_streaming_state"],
    ["once ended", () => appendTo(endStream(live, "done"), text("x"), 0, "stop"), "message_not_in_streaming_state"],
    ["stopped by the person", () => appendTo(endStream(live, "stopped"), text("x"), 0, "append"), "stopped_by_user"],
    ["past 12,000 characters", () => appendTo(live, text("x".repeat(12_001)), 0, "append"), "msg_too_long"],
    ["with nothing", () => appendTo(live, text(""), 0, "append"), "no_text"],
    [
      "with text and chunks",
      () => appendTo(live, { markdown: "a", chunks: [] }, 0, "append"),
      "cannot_provide_both_markdown_text_and_chunks",
    ],
    [
      "with chunks after text",
      () =>
        appendTo(
          appendTo(live, text("a"), 0, "append"),
          { markdown: undefined, chunks: [{ type: "markdown_text", text: "b" }] },
          0,
          "append",
        ),
      "streaming_mode_mismatch",
    ],
    [
      "with a long detail",
      () => parseChunks([{ type: "task_update", id: "t", title: "A", status: "complete", details: "x".repeat(257) }]),
      "invalid_chunks",
    ],
    ["with an unknown chunk", () => parseChunks([{ type: "poem" }]), "invalid_chunks"],
  ])("refuse an append %s", (_when, run, expected) => {
    expect(error(run)).toBe(expected);
  });

  it("count tasks towards the 12,000 characters", () => {
    const chunk = (n: number) => ({
      type: "task_update",
      id: `t${n}`,
      title: "A",
      status: "complete",
      output: "x".repeat(255),
    });
    const chunks = Array.from({ length: 47 }, (_, n) => chunk(n));
    expect(error(() => appendTo(live, { markdown: undefined, chunks }, 0, "append"))).toBe("msg_too_long");
  });
});
