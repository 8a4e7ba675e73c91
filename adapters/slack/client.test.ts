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

/** A client whose tokens are `given` one after the other, and Slack refuses all but `taken`. */
const renewing = async (given: string[], taken: string, error = "token_expired") => {
  const used: string[] = [];
  const asked: (string | undefined)[] = [];
  const api = slackClient({
    token: async (refused) => {
      asked.push(refused);
      return given[Math.min(asked.length, given.length) - 1] ?? "";
    },
    apiUrl: "http://127.0.0.1:9999/api/",
    fetch: (async (_: string, init?: RequestInit) => {
      const token = new Headers(init?.headers).get("authorization")?.replace("Bearer ", "") ?? "";
      used.push(token);
      return Response.json(token === taken ? { ok: true } : { ok: false, error });
    }) as typeof fetch,
  });
  const result = await api.call("auth.test", {}, z.object({ ok: z.boolean() })).catch((thrown: unknown) => thrown);
  return { result, used, asked };
};

test("a token that Slack does not take any more is asked for anew, and the call is made once more", async () => {
  const { result, used, asked } = await renewing(["xoxb-old", "xoxb-new"], "xoxb-new");
  expect(result).toEqual({ ok: true });
  expect(used).toEqual(["xoxb-old", "xoxb-new"]);
  expect(asked).toEqual([undefined, "xoxb-old"]);
});

test("there is no second call when there is no other token, and never a third", async () => {
  expect(await renewing(["xoxb-old"], "none")).toMatchObject({
    used: ["xoxb-old"],
    result: { slack: "token_expired" },
  });
  expect((await renewing(["xoxb-1", "xoxb-2", "xoxb-3"], "none")).used).toEqual(["xoxb-1", "xoxb-2"]);
});

test("another refusal is not the token's fault", async () => {
  expect((await renewing(["xoxb-1", "xoxb-2"], "none", "channel_not_found")).used).toEqual(["xoxb-1"]);
});
