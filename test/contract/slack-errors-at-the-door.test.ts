import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sortOf, type Sort } from "../../adapters/slack/error-table.ts";
import { slackClient } from "../../adapters/slack/client.ts";
import { slackIds } from "../../adapters/slack/ids.ts";
import type { SlackMethod } from "../../adapters/slack/methods.ts";
import { renewTokens } from "../../adapters/slack/oauth.ts";
import contracts from "../../bots/local/workspace/contract/methods.json" with { type: "json" };
import { createSlackHandler, type SlackRoute } from "../../bots/slack/index.ts";
import { slackInstall } from "../../bots/slack/install.ts";
import { teamTokens } from "../../bots/slack/tokens.ts";
import type { ChatInput } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { ApprovalCard } from "../../kernel/events/types.ts";
import type { Overview } from "../../kernel/user/overview.ts";
import { signed } from "../fixtures/slack/signed.ts";
import { fakeSlack, type FakeSlack } from "./fake-slack.ts";

/*
 * Errors of what is called while a request of Slack's waits: forms, Home, links, installing. Each is injected into the real
 * way from the signed request to the call. The request is acknowledged, unless Slack shall come again for it.
 */
const secret = "a-signing-secret";
const now = 1721000010000;
const ada = slackIds.user("T1", "U1");
const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: "1721000000.000100" });
const card = ApprovalCard.parse({
  approval: `ap_${"a".repeat(32)}`,
  kind: "approval",
  tool: "publish_site",
  title: "Publish tea?",
  body: "Put `index.html` on the web.",
  risk: "high",
  choices: [],
  editable: [{ name: "slug", label: "Slug", value: "tea" }],
  requester: ada,
  requesterName: "Ada",
  deciders: [ada],
  expiresAt: 1721600000000,
});
const overview: Overview = {
  threads: [],
  approvals: [{ thread, card }],
  sites: [],
  files: [],
  usage: { day: "2026-11-21", turns: 0, inputTokens: 0, outputTokens: 0, isolateMs: 0, computerMs: 0 },
  settings: { model: null, hosts: [] },
};

let slack: FakeSlack;
beforeEach(() => {
  slack = fakeSlack(() => now);
  // What answers a request makes its own client.
  vi.stubGlobal("fetch", slack.fetch);
});
afterEach(() => vi.unstubAllGlobals());

function door() {
  const lines: string[] = [];
  const inputs: ChatInput[] = [];
  const line =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  const env = { apiUrl: slack.apiUrl, botToken: slack.token, install: null };
  const installation = (): never => {
    throw new Error("Nothing is looked up.");
  };
  const handler = createSlackHandler({
    signingSecret: secret,
    tokens: teamTokens({ env, installation }),
    apiUrl: slack.apiUrl,
    people: {
      person: () => ({
        overview: async () => ({ ok: true, value: overview }),
        settings: async () => overview.settings,
        saveSettings: async (value) => ({ ok: true, value }),
      }),
      checkRevision: async () => ({ ok: true, value: null }),
      features: () => [],
      later: () => undefined,
    },
    sites: {
      apiUrl: slack.apiUrl,
      publicUrl: "https://deck.example",
      find: async (slug) => ({ slug, title: "Tea", version: 1, files: 1 }),
    },
    intake: async (input) => void inputs.push(input),
    log: { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") },
    now: () => now,
  });
  const send = async (body: object, route: SlackRoute = "events"): Promise<Response> => {
    const json = JSON.stringify(body);
    const form = route !== "events";
    const text = form ? new URLSearchParams({ payload: json }).toString() : json;
    const contentType = form ? "application/x-www-form-urlencoded" : "application/json";
    return handler.handle(await signed(secret, "https://deck.example/slack", text, { at: now, contentType }), route);
  };
  return { send, lines, inputs };
}

const event = (inner: object) => ({ type: "event_callback", team_id: "T1", event: inner });
const pressed = (action: string, at: object) => ({
  type: "block_actions",
  trigger_id: "1.2.x",
  team: { id: "T1" },
  user: { id: "U1", team_id: "T1", username: "ada" },
  actions: [{ type: "button", action_id: action, value: card.approval, action_ts: "1721000002.0" }],
  ...at,
});
const inThread = {
  container: { type: "message", message_ts: "1721000001.000100", thread_ts: "1721000000.000100", channel_id: "C1" },
  channel: { id: "C1" },
  message: { ts: "1721000001.000100", thread_ts: "1721000000.000100", team: "T1" },
};
const inHome = { view: { type: "home", team_id: "T1" }, container: { type: "view" } };

const anywhere = ["ratelimited", "fatal_error", "token_revoked", "missing_scope"];
const rowsOf = (...methods: SlackMethod[]) =>
  methods.flatMap((method) =>
    [...new Set([...(contracts as Record<string, { errors: string[] }>)[method]!.errors, ...anywhere])].map(
      (code): [SlackMethod, string, Sort] => [method, code, sortOf(method, code)?.sort ?? "retry"],
    ),
  );

describe("a form that Slack does not open", () => {
  const words: Partial<Record<Sort, string>> = { tell_person: "That took too long", retry: "in a moment" };

  test.each(rowsOf("views.open"))("%s %s: %s", async (method, code, sort) => {
    const { send, lines } = door();
    const expected = words[sort] ?? "Its owner";
    slack.fail(method, { error: code });
    expect((await send(pressed("deckhand:edit", inThread), "actions")).status).toBe(200);
    expect(slack.ephemerals).toEqual([{ user: "U1", text: expect.stringContaining(expected) }]);
    // For the owner in the log, but for what is only late.
    expect(lines.some((line) => line.startsWith("error "))).toBe(sort !== "tell_person");

    slack.fail(method, { error: code });
    expect((await send(pressed("deckhand:settings", inHome), "actions")).status).toBe(200);
    const home = slack.calls.findLast((call) => call.method === "views.publish");
    expect(JSON.stringify(home?.args["view"])).toContain(expected);
    expect(slack.count(method)).toBe(2);
  });

  test.each(rowsOf("chat.postEphemeral"))(
    "nor lets tell of it (%s %s: %s): acknowledged, once, and logged",
    async (method, code) => {
      const { send, lines } = door();
      slack.fail("views.open", { error: "expired_trigger_id" });
      slack.fail(method, { error: code });
      expect((await send(pressed("deckhand:edit", inThread), "actions")).status).toBe(200);
      expect(slack.count(method)).toBe(1);
      expect(lines).toContain("warn slack: a person could not be told");
    },
  );
});

describe("a Home that cannot be shown", () => {
  const opened = event({ type: "app_home_opened", user: "U1", tab: "home" });

  test.each(rowsOf("views.publish"))("%s %s: %s", async (method, code, sort) => {
    const { send, lines } = door();
    slack.fail(method, { error: code });
    // Slack comes again for what may work then, and for nothing else.
    expect((await send(opened)).status).toBe(sort === "retry" ? 500 : 200);
    expect(lines.some((line) => line.startsWith("error "))).toBe(true);
    expect((await send(opened)).status).toBe(200);
    expect(slack.count(method)).toBe(2);
  });

  test.each(rowsOf("views.publish"))("after a decision in it (%s %s: %s) the decision stands", async (method, code) => {
    const { send, inputs } = door();
    slack.fail(method, { error: code });
    expect((await send(pressed("deckhand:home:approve", inHome), "actions")).status).toBe(200);
    expect(inputs).toMatchObject([{ kind: "action", action: "approve", subject: card.approval, thread }]);
  });
});

describe("a link of ours that cannot be shown stays a link", () => {
  const url = "https://deck.example/sites/tea/";
  const shared = event({ type: "link_shared", channel: "C1", message_ts: "1721000000.000100", links: [{ url }] });
  const asked = event({
    type: "entity_details_requested",
    trigger_id: "1.2.x",
    entity_url: url,
    external_ref: { id: "tea", type: "site" },
  });
  test.each(rowsOf("chat.unfurl", "entity.presentDetails"))("%s %s: %s", async (method, code) => {
    const { send, lines } = door();
    slack.fail(method, { error: code });
    expect((await send(method === "chat.unfurl" ? shared : asked)).status).toBe(200);
    expect(slack.count(method)).toBe(1);
    expect(lines).toContain("warn slack: a link could not be shown");
  });
});

describe("a question from a form that cannot be posted is said at its field, and stays there", () => {
  const begin = {
    type: "view_submission",
    team: { id: "T1" },
    user: { id: "U1", team_id: "T1", username: "ada" },
    view: {
      id: "V1",
      type: "modal",
      callback_id: "deckhand:begin",
      private_metadata: "{}",
      state: { values: { question: { value: { value: "What is tea?" } } } },
    },
  };
  test.each(rowsOf("chat.postMessage"))("%s %s: %s", async (method, code) => {
    const { send, inputs } = door();
    slack.fail(method, { error: code });
    const response = await send(begin, "actions");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      response_action: "errors",
      errors: { question: expect.stringMatching(/.{20}/) },
    });
    expect(inputs).toEqual([]);
    expect(slack.count(method)).toBe(1);
  });
});

describe("installing", () => {
  const keys = { clientId: "1.2", clientSecret: "app-secret", tokenKey: btoa("k".repeat(32)) };

  test.each(rowsOf("oauth.v2.access"))("%s %s: %s: the person reads why, and nothing is kept", async (method, code) => {
    const stored: unknown[] = [];
    const lines: string[] = [];
    const line = (message: string): void => void lines.push(message);
    const flow = slackInstall({
      env: { signingSecret: secret, apiUrl: slack.apiUrl, botToken: null, install: keys, allowedBots: new Set() },
      publicUrl: "https://deck.example",
      now: () => now,
      log: { debug: line, info: line, warn: line, error: line },
      fetch: slack.fetch,
      installation: () => ({
        install: async (grant) => {
          stored.push(grant);
          return { ok: true, value: null };
        },
        spend: async () => true,
        lease: async () => ({ ok: true, value: { kind: "none" } }),
        remove: async () => false,
        belongsTo: async () => undefined,
        leaves: async () => undefined,
      }),
    });
    slack.fail(method, { error: code });
    const state = new URL((await flow.start()).headers.get("location") ?? "").searchParams.get("state") ?? "";
    const answer = await flow.finish(
      new Request(`https://deck.example/slack/oauth/callback?${new URLSearchParams({ state, code: "c1" }).toString()}`),
    );
    expect([400, 502]).toContain(answer.status);
    const page = await answer.text();
    expect(page).toContain("Deckhand was not installed");
    expect(page).toContain("Try again");
    expect(page).not.toContain("app-secret");
    expect(stored).toEqual([]);
    expect(lines).toContain("slack: an installation failed");
  });

  test.each(rowsOf("oauth.v2.access"))("%s %s: %s: a renewal that fails says so, once", async (method, code, sort) => {
    slack.fail(method, { error: code });
    const api = slackClient({ token: "", apiUrl: slack.apiUrl, fetch: slack.fetch });
    const thrown = await renewTokens(api, keys, "xoxe-1").catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(KernelError);
    expect((thrown as KernelError).retryable).toBe(sort === "retry");
    expect((thrown as KernelError).userMessage).not.toContain("app-secret");
    expect(slack.count(method)).toBe(1);
  });
});
