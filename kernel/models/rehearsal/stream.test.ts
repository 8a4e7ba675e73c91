import { isStepCount, streamText, tool } from "ai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createRehearsal } from "./stream.ts";

describe("the rehearsal as a model of ai", () => {
  it("drives a real tool loop and ends with the tool's own output", async () => {
    const ran: string[] = [];
    const result = streamText({
      model: createRehearsal(),
      prompt: "run: return 6 * 7",
      stopWhen: isStepCount(5),
      tools: {
        exec_code: tool({
          inputSchema: z.object({ code: z.string() }),
          execute: ({ code }) => {
            ran.push(code);
            return { value: 42, logs: [], error: null, truncated: [] };
          },
        }),
      },
    });
    expect(await result.text).toContain("42");
    expect(ran).toEqual(["return 6 * 7"]);
    expect((await result.steps)[0]?.text).toContain("rehearsal model");
    expect(await result.finishReason).toBe("stop");
  });

  it("tells the code of a tool that throws", async () => {
    const result = streamText({
      model: createRehearsal(),
      prompt: "read home/none.md",
      stopWhen: isStepCount(5),
      tools: {
        read_file: tool({
          inputSchema: z.object({ path: z.string() }),
          execute: (): string => {
            throw new Error("file.not_found: There is no home/none.md.");
          },
        }),
      },
    });
    expect(await result.text).toContain("**file.not_found**: There is no home/none.md.");
  });

  it("streams in pieces", async () => {
    const pieces: string[] = [];
    const messages = [
      { role: "user" as const, content: "hi" },
      { role: "assistant" as const, content: "hello" },
      { role: "user" as const, content: "write 100 words" },
    ];
    for await (const piece of streamText({ model: createRehearsal(), messages }).textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.join("").trim().split(/\s+/)).toHaveLength(100);
  });

  it("stops at once when it is aborted in a slow answer", async () => {
    const abort = new AbortController();
    const { stream } = await createRehearsal({ delayMs: 60_000 }).doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "count slowly to 9" }] }],
      abortSignal: abort.signal,
    });
    const reader = stream.getReader();
    while ((await reader.read()).value?.type !== "text-start");
    const waiting = reader.read();
    abort.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
  });

  it("answers without streaming too", async () => {
    const answer = await createRehearsal().doGenerate({
      prompt: [{ role: "user", content: [{ type: "text", text: "list files" }] }],
      tools: [{ type: "function", name: "list_files", inputSchema: { type: "object" } }],
    });
    expect(answer.content.map(({ type }) => type)).toEqual(["text", "tool-call"]);
    expect(answer.finishReason.unified).toBe("tool-calls");
  });
});
