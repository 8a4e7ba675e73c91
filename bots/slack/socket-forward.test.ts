import { expect, test } from "vitest";
import { signatureOf } from "./signature.ts";
import { forward } from "./socket-forward.ts";

const secret = "a-signing-secret";
const now = 1_721_000_010_000;

/** Forwards one envelope to a Worker that answers so, and gives what it saw. */
async function forwarded(envelope: { type: string; body: object; retry_num?: number }, answer: () => Response) {
  const seen: Request[] = [];
  const result = await forward(
    { ...envelope, body: { ...envelope.body } },
    {
      workerUrl: "http://127.0.0.1:4748",
      signingSecret: secret,
      timeoutMs: 1_000,
      now: () => now,
      fetch: async (input, init) => {
        seen.push(new Request(input, init));
        return answer();
      },
    },
  );
  const request = seen[0];
  const text = (await request?.text()) ?? "";
  const genuine = request && (await signatureOf(secret)(request.headers, new TextEncoder().encode(text), now));
  return { result, request, text, genuine, count: seen.length };
}
const ok = (body?: BodyInit, type = "application/json") =>
  new Response(body ?? null, { status: 200, headers: { "content-type": type } });

test("an event arrives as Slack would have sent it, signed, and is acknowledged with nothing", async () => {
  const body = { type: "event_callback", event: { type: "message", text: "ö <&>" } };
  const { result, request, text, genuine } = await forwarded({ type: "events_api", body }, () => ok());
  expect(request?.url).toBe("http://127.0.0.1:4748/slack/events");
  expect(JSON.parse(text)).toEqual(body);
  expect(genuine).toBe(true);
  expect(request?.headers.has("x-slack-retry-num")).toBe(false);
  expect(result).toEqual({ taken: true, payload: {} });
});

test("a repeated event says so", async () => {
  const { request } = await forwarded({ type: "events_api", body: {}, retry_num: 2 }, () => ok());
  expect(request?.headers.get("x-slack-retry-num")).toBe("2");
});

test("a press goes to the actions, its answer back to Slack", async () => {
  const body = { type: "view_submission", view: { id: "V1" } };
  const answer = { response_action: "clear" };
  const { result, request, text, genuine } = await forwarded({ type: "interactive", body }, () =>
    ok(JSON.stringify(answer)),
  );
  expect(request?.url).toBe("http://127.0.0.1:4748/slack/actions");
  expect(JSON.parse(new URLSearchParams(text).get("payload") ?? "")).toEqual(body);
  expect(genuine).toBe(true);
  expect(result).toEqual({ taken: true, payload: answer });
});

test("a command goes to the commands as a form, plain text comes back as text", async () => {
  const body = { command: "/deckhand", text: "help & more", is_enterprise_install: false };
  const { result, request, text } = await forwarded({ type: "slash_commands", body }, () => ok("hello", "text/plain"));
  expect(request?.url).toBe("http://127.0.0.1:4748/slack/commands");
  expect(Object.fromEntries(new URLSearchParams(text))).toEqual({ ...body, is_enterprise_install: "false" });
  expect(result).toEqual({ taken: true, payload: { text: "hello" } });
});

test("an envelope nobody knows is acknowledged and goes nowhere", async () => {
  const { result, count } = await forwarded({ type: "news", body: {} }, () => ok());
  expect([result, count]).toEqual([{ taken: true, payload: {} }, 0]);
});

test.each([
  [500, /answered 500/],
  [401, /401: SLACK_SIGNING_SECRET/],
  [302, /302/],
])("what the Worker answers with %i is not acknowledged", async (status, why) => {
  const { result } = await forwarded({ type: "events_api", body: {} }, () => new Response("", { status }));
  expect(result).toEqual({ taken: false, why: expect.stringMatching(why) });
});

test.each([
  [() => new TypeError("fetch failed"), /could not be reached/],
  [() => new DOMException("late", "TimeoutError"), /in time/],
])("what does not arrive is not acknowledged: %s", async (error, why) => {
  const { result } = await forwarded({ type: "events_api", body: {} }, () => {
    throw error();
  });
  expect(result).toEqual({ taken: false, why: expect.stringMatching(why) });
});
