import { describe, expect, it } from "vitest";
import { ThreadId, TurnId, UserId } from "../ids.ts";
import type { IsolateRequest, IsolateResult } from "../sandbox/isolate/types.ts";
import { detailOf, execCode, titleOf } from "./exec_code.ts";
import type { ToolContext } from "./types.ts";

const done: IsolateResult = {
  value: { rows: 3 },
  logs: ["a", "b"],
  file: null,
  error: null,
  wallMs: 119.6,
  truncated: [],
};
const failed: IsolateResult = {
  ...done,
  value: null,
  error: { code: "code.failed", retryable: false, userMessage: "TypeError: x is not a function (line 3)", line: 3 },
};

/** A context in which isolates give `result`, after two lines and a wait in the queue. */
function context(result: IsolateResult, progress: string[]): ToolContext {
  const nowhere = new Proxy({}, { get: (_, name) => { throw new Error(`exec_code touched ${String(name)}`); } }); // oxfmt-ignore
  return {
    user: UserId.parse("slack:T1:U1"),
    userName: "Ada",
    thread: ThreadId.parse("slack:T1:C1:1.2"),
    turn: TurnId.parse("turn"),
    call: "call",
    files: nowhere as ToolContext["files"],
    sites: nowhere as ToolContext["sites"],
    computers: nowhere as ToolContext["computers"],
    model: { eyes: false },
    signal: new AbortController().signal,
    now: () => 0,
    progress: (detail) => progress.push(detail),
    nested: nowhere as ToolContext["nested"],
    answer: null,
    isolates: {
      run: async (request: IsolateRequest) => {
        request.onQueued?.(2);
        request.onLog(["a", "b"]);
        return result;
      },
    },
  };
}

describe("exec_code", () => {
  it("gives value and logs, and shows the lines and its place in the queue on the card while it runs", async () => {
    const progress: string[] = [];
    const result = await execCode.run({ code: "return 1" }, context(done, progress), null);
    expect(result).toEqual({
      output: { value: { rows: 3 }, file: null, logs: ["a", "b"], error: null, truncated: [] },
      detail: "done in 120 ms",
      sandbox: { tier: "isolate", ms: 119.6, why: "" },
    });
    expect(progress).toEqual(["waiting for a free isolate, place 2 in the line", "a\nb"]);
  });

  it("a result that has become a file is named on the card and in the output", async () => {
    const file = { path: "home/results/a.png", sizeBytes: 2048, mediaType: "image/png" };
    const result = await execCode.run({ code: "return x" }, context({ ...done, value: null, file }, []), null);
    expect(result.output).toMatchObject({ value: null, file });
    expect(result.detail).toBe("done in 120 ms: `home/results/a.png`, 2.0 KB");
  });

  it("a program that threw is an output with the line, not a failure of the tool", async () => {
    const result = await execCode.run({ code: "x()" }, context(failed, []), null);
    expect(result.output).toMatchObject({
      error: { code: "code.failed", message: "TypeError: x is not a function (line 3)", line: 3 },
    });
    expect(result.detail).toBe("failed: TypeError: x is not a function (line 3)");
  });

  it("the card names the limit that was hit", () => {
    const userMessage = "Stopped after 5 s of computing (limits.isolate.cpuMs).";
    const error = { code: "limit.cpu" as const, retryable: false, userMessage, line: null };
    expect(detailOf({ ...done, error })).toBe(userMessage);
    expect(detailOf({ ...done, wallMs: 2345 })).toBe("done in 2.3 s");
  });

  it.each([
    ["// Count the words\nreturn 1", "Count the words"],
    ["\n\n/* Sum up */\nreturn 1", "Sum up"],
    ["/**\n * Sum up\n */\nreturn 1", "Sum up"],
    ["return 1 + 1", "return 1 + 1"],
    ["const a = 1;\n// later\nreturn a", "const a = 1;"],
    [" ", "Run code"],
    [`// ${"x".repeat(200)}`, `${"x".repeat(79)}…`],
  ])("titles %j as %j", (code, title) => {
    expect(titleOf(code)).toBe(title);
  });

  it("tells the model the environment: no network, FILES, the limits", () => {
    for (const word of [
      "no network",
      "FILES.readText",
      "return",
      "console.log",
      "5 s of computing",
      "200 calls of FILES, TOOLS and PROXY",
    ])
      expect(execCode.description).toContain(word);
  });

  it("refuses empty and oversized code before anything runs", () => {
    expect(execCode.input.safeParse({ code: "" }).success).toBe(false);
    expect(execCode.input.safeParse({ code: "x".repeat(100_001) }).success).toBe(false);
  });
});

describe("a title of a program made to keep us busy", () => {
  // Each took up to a minute: a pattern went back over the spaces from every one of them.
  it.each([
    [`//a${" ".repeat(300_000)}b`, "a"],
    [`/*${" ".repeat(99_000)}a */`, "/*"],
    [`// a${" ".repeat(50_000)}*/`, "a"],
  ])("%#", (program, begins) => {
    expect(titleOf(program).startsWith(begins)).toBe(true);
  });
});
