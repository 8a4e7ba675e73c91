import { APICallError } from "@ai-sdk/provider";
import { RetryError } from "ai";
import { describe, expect, it } from "vitest";
import { KernelError } from "../errors.ts";
import { modelError } from "./errors.ts";

const call = (statusCode: number | undefined, message: string, responseHeaders: Record<string, string> = {}) =>
  new APICallError({
    message,
    url: "https://user:secret@api.example/v1?key=sk-secret",
    requestBodyValues: {},
    statusCode,
    responseHeaders,
    responseBody: `{"error":{"message":"${message}","key":"sk-secret"}}`,
  });

describe("what a provider throws", () => {
  it.each<[string, unknown, string, boolean]>([
    ["401", call(401, "invalid x-api-key"), "model.unauthorized", false],
    ["403", call(403, "forbidden"), "model.unauthorized", false],
    ["429", call(429, "slow down"), "model.rate_limited", true],
    [
      "429 without credit",
      call(429, "You exceeded your current quota: insufficient_quota"),
      "model.unauthorized",
      false,
    ],
    ["Anthropic's overflow", call(400, "prompt is too long: 210000 tokens > 200000 maximum"), "model.too_long", false],
    ["OpenAI's overflow", call(400, "context_length_exceeded"), "model.too_long", false],
    ["413", call(413, "request_too_large"), "model.too_long", false],
    ["500", call(500, "internal"), "model.failed", true],
    ["529", call(529, "overloaded_error"), "model.failed", true],
    ["404", call(404, "model: nope"), "model.failed", false],
    ["400", call(400, "bad"), "model.failed", false],
    ["no connection", call(undefined, "Cannot connect to API: connect ECONNREFUSED"), "model.failed", true],
    ["an abort", new DOMException("This operation was aborted", "AbortError"), "model.timeout", true],
    ["a timeout", new DOMException("x", "TimeoutError"), "model.timeout", true],
    ["a stored string", "Step timeout of 120000ms exceeded", "model.timeout", true],
    ["ours, as it was stored", "model.unauthorized: The model provider refused the key.", "model.unauthorized", false],
    ["an error in the stream", { type: "overloaded_error", message: "Overloaded" }, "model.failed", true],
    ["a limit in the stream", { error: { type: "rate_limit_error", message: "x" } }, "model.rate_limited", true],
    ["nothing at all", undefined, "model.failed", true],
  ])("%s", (_name, thrown, code, retryable) => {
    expect(modelError(thrown)).toMatchObject({ code, retryable });
  });

  it("what a retry gave up on is looked into", () => {
    const last = call(429, "slow down", { "retry-after": "20" });
    const thrown = new RetryError({ message: "Failed after 3 attempts", reason: "maxRetriesExceeded", errors: [last] });
    expect(modelError(thrown)).toMatchObject({ code: "model.rate_limited", retryAfterMs: 20_000 });
  });

  it.each([
    [{ "retry-after-ms": "1500", "retry-after": "9" }, 1500],
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "Thu, 01 Jan 1970 00:01:00 GMT" }, 60_000],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("%o waits %s ms", (headers, ms) => {
    expect(modelError(call(429, "x", headers as Record<string, string>), undefined, 0).retryAfterMs).toBe(ms);
  });

  it("says how long to wait, and which variable to check", () => {
    expect(modelError(call(429, "x", { "retry-after": "20" })).userMessage).toContain("in 20 seconds");
    const choice = { provider: "openai", model: "m", eyes: false, label: "openai:m", why: "" } as const;
    expect(modelError(call(401, "x"), choice).userMessage).toContain("OPENAI_API_KEY");
    expect(modelError(call(404, "x"), choice).userMessage).toContain("openai:m");
  });

  it("never passes on an address, a body or a key", () => {
    for (const status of [400, 401, 404, 413, 429, 500, 529]) {
      const { userMessage } = modelError(call(status, "sk-secret"));
      expect(userMessage).not.toMatch(/secret|https?:/);
    }
  });

  it("an error of ours stays what it is", () => {
    const ours = new KernelError("model.no_eyes", "It cannot see.");
    expect(modelError(new Error("wrapped", { cause: ours }))).toBe(ours);
  });
});
