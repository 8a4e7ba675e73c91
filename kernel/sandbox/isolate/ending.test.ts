import { describe, expect, it } from "vitest";
import { KernelError } from "../../errors.ts";
import { limits } from "../../limits.ts";
import { type Ending, endingOfRuntime, errorOf, GuestReply } from "./ending.ts";

const error = (ending: Ending, workMs = 0) => errorOf(ending, limits.isolate, workMs);

describe("the error of a run", () => {
  it("names the limit and its size", () => {
    expect(error({ end: "limit", limit: "cpu" })).toMatchObject({
      code: "limit.cpu",
      userMessage: "Stopped after 5 s of computing (limits.isolate.cpuMs).",
    });
    expect(error({ end: "limit", limit: "cpu" }, 1200)?.userMessage).toBe(
      "Stopped after 5 s of computing, 1.2 s of it by what its calls had done (limits.isolate.cpuMs).",
    );
    expect(error({ end: "limit", limit: "wall" })).toMatchObject({
      code: "limit.wall",
      userMessage: "Stopped after 30 s in all (limits.isolate.wallMs).",
    });
    expect(error({ end: "limit", limit: "memory" })?.code).toBe("limit.memory");
    expect(error({ end: "limit", limit: "hung" })?.code).toBe("limit.wall");
  });

  it("of a program that threw has the line; a code that is none of ours is code.failed", () => {
    const threw = { end: "threw" as const, message: "TypeError: no", line: 3 };
    expect(error({ ...threw, code: null })).toMatchObject({ code: "code.failed", userMessage: "TypeError: no (line 3)", line: 3 }); // oxfmt-ignore
    expect(error({ ...threw, code: "ENOENT" })?.code).toBe("code.failed");
    expect(error({ ...threw, code: "file.not_found", line: null })).toMatchObject({ code: "file.not_found", userMessage: "TypeError: no" }); // oxfmt-ignore
  });

  it("of a run that came to its end is none", () => {
    expect(error({ end: "value", json: "1", cut: false, whole: null })).toBeNull();
  });

  it("of one that was stopped, refused or lost says so", () => {
    expect(error({ end: "stopped" })?.code).toBe("tool.interrupted");
    expect(error({ end: "lost", why: "?" })?.code).toBe("internal");
    const full = new KernelError("limit.queue", "full", { retryable: true });
    expect(error({ end: "refused", error: full, line: null })).toMatchObject({ code: "limit.queue", retryable: true });
  });

  it.each([
    ["The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response.", "hung"], // oxfmt-ignore
    ["Worker exceeded CPU time limit.", "cpu"],
    ["Worker exceeded memory limit.", "memory"],
  ])("reads the runtime's words: %s", (words, limit) => {
    expect(endingOfRuntime(new Error(words))).toEqual({ end: "limit", limit });
  });

  it("what the runtime says otherwise is lost, a syntax error of its own the program's", () => {
    expect(endingOfRuntime(new Error("Network connection lost."))).toMatchObject({ end: "lost" });
    expect(endingOfRuntime("x")).toMatchObject({ end: "lost" });
    expect(endingOfRuntime(new SyntaxError("Invalid regular expression"))).toMatchObject({ end: "threw" });
  });

  it.each([[null], [{ end: "value", json: 1 }], [{ end: "value" }], [{ end: "limit", limit: "none" }], ["value"]])(
    "an answer that is none is not taken: %j",
    (answer) => {
      expect(GuestReply.safeParse(answer).success).toBe(false);
    },
  );
});
