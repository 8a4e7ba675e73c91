import { expect, test } from "vitest";
import { z } from "zod";
import { KernelError } from "../../kernel/errors.ts";
import { slackClient } from "./client.ts";
import { SlackRefused } from "./errors.ts";

const calling = async (answer: () => Response | Promise<Response>) => {
  let calls = 0;
  const api = slackClient({
    token: "xoxb-1",
    apiUrl: "http://127.0.0.1:9999/api/",
    fetch: (async (input: string, init?: RequestInit) => {
      calls++;
      expect(input).toBe("http://127.0.0.1:9999/api/chat.postMessage");
      expect(init?.redirect).toBe("manual");
      expect(new Headers(init?.headers).get("authorization")).toBe("Bearer xoxb-1");
      return answer();
    }) as typeof fetch,
  });
  const result = await api
    .call("chat.postMessage", { channel: "C1", blocks: [] }, z.object({ ts: z.string() }))
    .catch((error: unknown) => error);
  expect(calls).toBe(1);
  return result;
};

test("an answer is read by its schema", async () => {
  expect(await calling(() => Response.json({ ok: true, ts: "1.2" }))).toEqual({ ts: "1.2" });
});

test("429 carries how long Slack wants us to wait, and is not tried again here", async () => {
  const error = await calling(() => new Response("", { status: 429, headers: { "retry-after": "7" } }));
  expect(error).toMatchObject({ code: "platform.rate_limited", retryable: true, retryAfterMs: 7000 });
});

test("ok: false keeps Slack's own code", async () => {
  const error = await calling(() => Response.json({ ok: false, error: "msg_too_long" }));
  expect(error).toBeInstanceOf(SlackRefused);
  expect(error).toMatchObject({
    code: "platform.refused",
    slack: "msg_too_long",
    method: "chat.postMessage",
    retryable: false,
  });
});

test.each([
  ["500", () => new Response("oops", { status: 500 })],
  ["a redirect", () => Response.redirect("https://evil.example/", 302)],
  ["no JSON", () => new Response("<html>")],
  ["an answer of another shape", () => Response.json({ ok: true })],
  ["Slack's own trouble", () => Response.json({ ok: false, error: "internal_error" })],
  ["no network", () => Promise.reject(new TypeError("network"))],
])("%s is unreachable, retryable, and one call only", async (_, answer) => {
  const error = await calling(answer);
  expect(error).toBeInstanceOf(KernelError);
  expect(error).toMatchObject({ code: "platform.unreachable", retryable: true });
});
