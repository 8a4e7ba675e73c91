import { describe, expect, test } from "vitest";
import type { ChatInput } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { createSlackHandler } from "./index.ts";
import type { SlackRoute } from "./index.ts";
import { teamTokens, type Access, type Revoked, type TeamTokens } from "./tokens.ts";
import { signed } from "../../test/fixtures/slack/signed.ts";

const secret = "a-signing-secret";
const now = 1721000010000;
const url = "https://deckhand.example/slack/events";

const oneWorkspace = { apiUrl: "http://127.0.0.1:1/api/", botToken: "xoxb-1", install: null };
const nobody = (): never => {
  throw new Error("Nothing is looked up.");
};

function handler(intake?: (input: ChatInput) => Promise<void>, tokens?: TeamTokens) {
  const inputs: ChatInput[] = [];
  const lines: string[] = [];
  const line = (message: string): void => void lines.push(message);
  const slack = createSlackHandler({
    signingSecret: secret,
    tokens: tokens ?? teamTokens({ env: oneWorkspace, installation: nobody }),
    apiUrl: "http://127.0.0.1:1/api/",
    people: { person: nobody, checkRevision: nobody, features: () => [], later: nobody },
    intake: intake ?? (async (input) => void inputs.push(input)),
    log: { debug: line, info: line, warn: line, error: line },
    now: () => now,
  });
  const send = async (body: unknown, route: SlackRoute = "events", headers: Record<string, string> = {}, at = now) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const contentType = route === "events" ? "application/json" : "application/x-www-form-urlencoded";
    return slack.handle(await signed(secret, url, text, { at, contentType, headers }), route);
  };
  return { inputs, lines, send, slack };
}

const envelope = (event: object) => ({
  type: "event_callback",
  team_id: "T1",
  authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true }],
  event: { channel: "C1", user: "U1", team: "T1", text: "<@UBOT> hi", ts: "1721000000.000200", ...event },
});
const form = (payload: object) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const ap = `ap_${"a".repeat(32)}`;
const press = (action_id: string) =>
  form({
    type: "block_actions",
    team: { id: "T1" },
    user: { id: "U1", team_id: "T1", username: "ada" },
    container: { type: "message", message_ts: "1721000001.000100", thread_ts: "1721000000.000200", channel_id: "C1" },
    channel: { id: "C1" },
    message: { ts: "1721000001.000100", team: "T1" },
    actions: [{ type: "button", action_id, value: ap, action_ts: "1721000002.0" }],
  });

describe("what comes in", () => {
  test("an event is stored before it is acknowledged", async () => {
    const order: string[] = [];
    const { send } = handler(async () => {
      await Promise.resolve();
      order.push("stored");
    });
    const response = await send(envelope({ type: "app_mention" }));
    order.push("acknowledged");
    expect(response.status).toBe(200);
    expect(order).toEqual(["stored", "acknowledged"]);
  });

  test("A5 app_mention and message bring the same input, retries and all", async () => {
    const { send, inputs } = handler();
    await send(envelope({ type: "app_mention" }));
    await send(envelope({ type: "message", channel_type: "channel" }), "events", { "x-slack-retry-num": "2" });
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).toEqual(inputs[1]);
  });

  test("what cannot be stored is not acknowledged, so that Slack comes again", async () => {
    const { send, lines } = handler(() => Promise.reject(new Error("full")));
    expect((await send(envelope({ type: "message" }))).status).toBe(500);
    expect((await send(press("deckhand:approve"), "actions")).status).toBe(500);
    expect(lines).toContain("slack: a request failed");
  });

  test("a press is handed over and acknowledged", async () => {
    const { send, inputs } = handler();
    expect((await send(press("deckhand:approve"), "actions")).status).toBe(200);
    expect(inputs).toMatchObject([{ kind: "action", action: "approve", subject: ap }]);
  });

  test("the URL check is answered without anything else being loaded", async () => {
    const { send } = handler();
    expect(await (await send({ type: "url_verification", challenge: "xyz" })).json()).toEqual({ challenge: "xyz" });
  });

  test.each([
    ["an unknown event", "events", { ...envelope({ type: "star_added" }) }],
    ["an envelope of another kind", "events", { type: "app_rate_limited" }],
    ["a bot's message", "events", envelope({ type: "message", bot_id: "B1" })],
    ["somebody else's button", "actions", press("other:button")],
    ["a link button of ours", "actions", press("deckhand:open")],
    ["a button of ours that nobody knows", "actions", press("deckhand:dance")],
    ["a button of Home that nobody knows", "actions", press("deckhand:home:dance")],
    [
      "a form nobody knows",
      "actions",
      form({
        type: "view_submission",
        team: { id: "T1" },
        user: { id: "U1" },
        view: { callback_id: "other", type: "modal" },
      }),
    ],
    [
      "a form of ours that carries nothing of ours",
      "actions",
      form({
        type: "view_submission",
        team: { id: "T1" },
        user: { id: "U1" },
        view: { callback_id: "deckhand:edit", type: "modal" },
      }),
    ],
    [
      "a shortcut nobody knows",
      "actions",
      form({ type: "shortcut", callback_id: "other", team: { id: "T1" }, user: { id: "U1" } }),
    ],
    [
      "a closed form",
      "actions",
      form({
        type: "view_closed",
        team: { id: "T1" },
        user: { id: "U1" },
        view: { callback_id: "deckhand:edit", type: "modal" },
      }),
    ],
    ["a command nobody knows", "commands", "command=%2Fsailor&text=help&team_id=T1&user_id=U1&channel_id=C1"],
    ["a command that is no form of Slack's", "commands", "command=%2Fdeckhand&text=help&team_id=T1&user_id=U1"],
    ["Slack's certificate check", "commands", "ssl_check=1&token=x"],
  ] as const)("%s is answered 200 and starts nothing", async (what, route, body) => {
    const { send, inputs, lines } = handler();
    expect((await send(body, route)).status).toBe(200);
    expect(inputs).toEqual([]);
    if (what.includes("nobody knows")) expect(lines.join()).toMatch(/slack: (?:ignored|nobody took a request)/);
  });
});

describe("what is not right", () => {
  const status = async (change: (headers: Headers) => void, body = "{}") => {
    const request = await signed(secret, url, "{}", { at: now });
    const headers = new Headers(request.headers);
    change(headers);
    return (await handler().slack.handle(new Request(url, { method: "POST", body, headers }), "events")).status;
  };

  test.each([
    ["no signature", (headers: Headers) => headers.delete("x-slack-signature")],
    ["another signature", (headers: Headers) => headers.set("x-slack-signature", `v0=${"0".repeat(64)}`)],
    [
      "a signature of another version",
      (headers: Headers) =>
        headers.set("x-slack-signature", (headers.get("x-slack-signature") ?? "").replace("v0", "v1")),
    ],
    ["half a signature", (headers: Headers) => headers.set("x-slack-signature", "v0=abc")],
    ["no stamp", (headers: Headers) => headers.delete("x-slack-request-timestamp")],
    ["another stamp", (headers: Headers) => headers.set("x-slack-request-timestamp", String(now / 1000 - 1))],
    ["a stamp that is no number", (headers: Headers) => headers.set("x-slack-request-timestamp", "NaN")],
  ])("%s is 401", async (_, change) => {
    expect(await status(change)).toBe(401);
  });

  test("a changed body is 401", async () => {
    expect(await status(() => {}, "{ }")).toBe(401);
  });

  test("a stamp more than five minutes old or in the future is 401, a minute is fine", async () => {
    const { send } = handler();
    for (const [at, expected] of [
      [now - 301_000, 401],
      [now + 301_000, 401],
      [now - 60_000, 200],
      [now + 60_000, 200],
    ] as const)
      expect((await send({ type: "url_verification", challenge: "x" }, "events", {}, at)).status).toBe(expected);
  });

  test.each([
    ["events", "not json"],
    ["events", "[1]"],
    ["events", "null"],
    ["actions", "payload=not+json"],
    ["actions", JSON.stringify({ type: "block_actions" })],
    ["commands", "{}"],
  ] as const)("a body that is no JSON or no form is 400: %s %s", async (route, body) => {
    expect((await handler().send(body, route)).status).toBe(400);
  });

  test("a body over 1 MB is 413, whatever its header says", async () => {
    expect((await handler().send("x".repeat(1024 * 1024 + 1))).status).toBe(413);
  });
});

describe("workspaces that have installed the app", () => {
  const tokens = (from: TeamTokens["from"]): TeamTokens & { revoked: Revoked[]; accesses: Access[] } => {
    const revoked: Revoked[] = [];
    const accesses: Access[] = [];
    return {
      of: () => async () => "xoxb-1",
      from,
      revoked,
      revoke: async (one) => void revoked.push(one),
      accesses,
      access: async (one) => void accesses.push(one),
    };
  };

  test("what comes from where it is not installed any more is acknowledged and starts nothing", async () => {
    const { send, inputs } = handler(
      undefined,
      tokens(async () => null),
    );
    expect((await send(envelope({ type: "app_mention" }))).status).toBe(200);
    expect((await send(press("deckhand:approve"), "actions")).status).toBe(200);
    expect(inputs).toEqual([]);
  });

  test("a message is not lost because a token cannot be had just now", async () => {
    const unreachable = new KernelError("platform.unreachable", "Slack cannot be reached.", { retryable: true });
    const { send, inputs } = handler(
      undefined,
      tokens(() => Promise.reject(unreachable)),
    );
    expect((await send(envelope({ type: "app_mention" }))).status).toBe(200);
    expect(inputs).toHaveLength(1);
  });

  test.each([
    ["app_uninstalled", { type: "app_uninstalled" }],
    ["tokens_revoked", { type: "tokens_revoked", tokens: { bot: ["UBOT"] } }],
  ])("%s ends the installation it is about", async (_, event) => {
    const given = tokens(async () => null);
    const { send } = handler(undefined, given);
    const body = { type: "event_callback", team_id: "T1", enterprise_id: "E1", event_time: 1721000000, event };
    expect((await send(body)).status).toBe(200);
    expect(given.revoked).toEqual([{ origin: { team: "T1", enterprise: "E1", org: false }, at: 1721000000000 }]);
  });

  test("a person's token that is revoked ends nothing", async () => {
    const given = tokens(async () => null);
    const event = { type: "tokens_revoked", tokens: { oauth: ["U1"] } };
    const { send } = handler(undefined, given);
    await send({ type: "event_callback", team_id: "T1", event_time: 1721000000, event });
    expect(given.revoked).toEqual([]);
  });

  test.each([
    ["team_access_granted", true],
    ["team_access_revoked", false],
  ] as const)("%s: an organisation's installation serves other workspaces from then on", async (type, granted) => {
    const given = tokens(async () => null);
    const { send, lines } = handler(undefined, given);
    const event = { type, team_ids: ["T8", "T9"] };
    const body = { type: "event_callback", team_id: null, enterprise_id: "E1", event_time: 1721000000 };
    expect((await send({ ...body, event })).status).toBe(200);
    expect(given.accesses).toEqual([{ organisation: "E1", teams: ["T8", "T9"], granted }]);
    // Without an organisation, or with something else in place of workspaces, it says nothing.
    expect((await send({ ...body, enterprise_id: null, team_id: "T1", event })).status).toBe(200);
    expect((await send({ ...body, event: { type, team_ids: ["T8", { a: 1 }] } })).status).toBe(200);
    expect(given.accesses).toHaveLength(1);
    expect(lines.filter((line) => line === "slack: ignored")).toHaveLength(2);
  });

  test("a removal that cannot be written down is not acknowledged", async () => {
    const given = { ...tokens(async () => null), revoke: () => Promise.reject(new Error("disk")) };
    const { send } = handler(undefined, given);
    const event = { type: "app_uninstalled" };
    expect((await send({ type: "event_callback", team_id: "T1", event_time: 1, event })).status).toBe(500);
  });
});
