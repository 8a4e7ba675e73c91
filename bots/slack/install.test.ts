import { expect, test } from "vitest";
import { KernelError } from "../../kernel/errors.ts";
import type { About, Grant, InstallationPort } from "../../kernel/installations/types.ts";
import type { SlackEnv } from "./env.ts";
import { slackInstall } from "./install.ts";

const env: SlackEnv = {
  signingSecret: "12345678",
  apiUrl: "https://slack.example/api/",
  botToken: null,
  install: { clientId: "1.2", clientSecret: "app-secret", tokenKey: btoa("k".repeat(32)) },
  allowedBots: new Set(),
};
const access = {
  ok: true,
  access_token: "xoxb-new",
  scope: "chat:write,users:read",
  bot_user_id: "UBOT",
  app_id: "A1",
  team: { id: "T1", name: "Acme <Tea> & Co" },
  enterprise: null,
  authed_user: { id: "U1" },
};

function install(answer: object = access, given: SlackEnv = env) {
  const calls: { url: string; body: URLSearchParams }[] = [];
  const lines: string[] = [];
  const stored: { id: string; grant: Grant; about: About }[] = [];
  const spent = new Set<string>();
  let now = 1_800_000_000_000;
  const log = (message: string, fields: object = {}): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const flow = slackInstall({
    env: given,
    publicUrl: "https://deck.example",
    now: () => now,
    log: { debug: log, info: log, warn: log, error: log },
    fetch: (async (url: string, init: RequestInit) => {
      calls.push({ url, body: new URLSearchParams(init.body as string) });
      return Response.json(answer);
    }) as typeof fetch,
    installation: (id): InstallationPort => ({
      install: async (grant, about) => {
        stored.push({ id, grant, about });
        return { ok: true, value: null };
      },
      spend: async (ticket) => !spent.has(ticket) && Boolean(spent.add(ticket)),
      lease: async () => ({ ok: true, value: { kind: "none" } }),
      remove: async () => false,
      belongsTo: async () => {},
      leaves: async () => {},
    }),
  });
  const back = (query: Record<string, string>) =>
    flow.finish(new Request(`https://deck.example/slack/oauth/callback?${new URLSearchParams(query).toString()}`));
  const state = async () => new URL((await flow.start()).headers.get("location") ?? "").searchParams.get("state") ?? "";
  return { flow, back, state, calls, stored, lines, pass: (ms: number) => (now += ms) };
}

test("a person is sent to Slack with what the app asks for and a way back", async () => {
  const response = await install().flow.start();
  expect(response.status).toBe(302);
  const url = new URL(response.headers.get("location") ?? "");
  expect(url.origin + url.pathname).toBe("https://slack.example/oauth/v2/authorize");
  expect(url.searchParams.get("client_id")).toBe("1.2");
  expect(url.searchParams.get("redirect_uri")).toBe("https://deck.example/slack/oauth/callback");
  expect(url.searchParams.get("scope")).toContain("chat:write");
});

test("back with a code, the workspace's tokens are stored and shown to nobody", async () => {
  const { back, state, calls, stored, lines } = install();
  const response = await back({ code: "c.1", state: await state() });
  expect(response.status).toBe(200);
  expect(calls[0]?.url).toBe("https://slack.example/api/oauth.v2.access");
  expect(Object.fromEntries(calls[0]?.body ?? [])).toEqual({
    client_id: "1.2",
    client_secret: "app-secret",
    code: "c.1",
    redirect_uri: "https://deck.example/slack/oauth/callback",
  });
  expect(stored).toEqual([
    {
      id: "slack:T1",
      grant: { accessToken: "xoxb-new", refreshToken: null, expiresInMs: null },
      about: expect.objectContaining({
        app: "A1",
        bot: "UBOT",
        installedBy: "U1",
        scopes: ["chat:write", "users:read"],
      }),
    },
  ]);
  const page = await response.text();
  expect(page).toContain("Acme &lt;Tea&gt; &amp; Co");
  expect(page + lines.join()).not.toMatch(/xoxb-new|app-secret/);
});

test("tokens that expire come with how to renew them", async () => {
  const { back, state, stored } = install({ ...access, expires_in: 43_200, refresh_token: "xoxe-1" });
  await back({ code: "c.1", state: await state() });
  expect(stored[0]?.grant).toEqual({ accessToken: "xoxb-new", refreshToken: "xoxe-1", expiresInMs: 43_200_000 });
});

test("an organisation's installation is kept under the organisation", async () => {
  const enterprise = { id: "E1", name: "All of Acme" };
  const { back, state, stored } = install({ ...access, is_enterprise_install: true, team: null, enterprise });
  expect(await (await back({ code: "c.1", state: await state() })).text()).toContain("All of Acme");
  expect(stored[0]?.id).toBe("slack:E1");
});

test("a workspace of an organisation that installs by itself is kept under the workspace", async () => {
  const { back, state, stored } = install({ ...access, is_enterprise_install: false, enterprise: { id: "E1" } });
  await back({ code: "c.1", state: await state() });
  expect(stored[0]?.id).toBe("slack:T1");
});

test("a state is good once, for ten minutes, and only when it is ours; Slack is not asked otherwise", async () => {
  const { back, state, stored, calls, pass } = install();
  const first = await state();
  const late = await state();
  await back({ code: "c.1", state: first });
  expect((await back({ code: "c.2", state: first })).status).toBe(400);
  expect((await back({ code: "c.2" })).status).toBe(400);
  expect((await back({ code: "c.2", state: `${late}x` })).status).toBe(400);
  pass(10 * 60_000);
  expect((await back({ code: "c.2", state: late })).status).toBe(400);
  expect([stored.length, calls.length]).toEqual([1, 1]);
});

test.each([
  [{ error: "access_denied" }, /cancelled/],
  [{ error: "<script>alert(1)</script>" }, /Slack says: unknown/],
  [{ code: "a b" }, /run out or was used/],
  [{}, /run out or was used/],
])("%j: nothing is stored, the person is told, and may try again", async (query, sentence) => {
  const { back, state, stored, calls } = install();
  const response = await back({ ...query, state: await state() });
  expect(response.status).toBe(400);
  const page = await response.text();
  expect(page).toMatch(sentence);
  expect(page).toContain('href="/slack/install"');
  expect(page).not.toContain("<script>");
  expect([stored, calls]).toEqual([[], []]);
});

test.each([
  ["invalid_code", 400, /run out or was used/],
  ["bad_client_secret", 400, /SLACK_CLIENT_SECRET is wrong/],
  ["user_email_unverified", 400, /user email unverified/],
  ["internal_error", 502, /cannot be reached/],
])("Slack says %s: nothing is stored and the person is told", async (error, status, sentence) => {
  const { back, state, stored } = install({ ok: false, error });
  const response = await back({ code: "c.1", state: await state() });
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(sentence);
  expect(stored).toEqual([]);
});

test("without the variables it is said which are missing", async () => {
  const { flow } = install(access, { ...env, install: null });
  await expect(flow.start()).rejects.toBeInstanceOf(KernelError);
  await expect(flow.start()).rejects.toThrow(/SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_TOKEN_KEY/);
});
