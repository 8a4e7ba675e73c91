import type { OauthV2AccessResponse } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorkspaceClient, type InstallChoice } from "./control-client.ts";
import { fieldsOf } from "./json.ts";
import { botToken, Listener, signingSecret, slackClient } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let worker: Listener;
let workspace: Workspace;
let client: WorkspaceClient;

beforeEach(async () => {
  worker = new Listener();
  await worker.start();
  workspace = await startWorkspace({ stateFile: ":memory:", signingSecret, botToken });
  workspace.setWorker({ eventsUrl: `${worker.url}/events` });
  client = await WorkspaceClient.connect(workspace.url);
});
afterEach(async () => {
  await client.close();
  await workspace.close();
  await worker.stop();
});

const app = { client_id: "local.deckhand", client_secret: "local-client-secret" };
const redirect_uri = "https://deck.example/slack/oauth/callback";
const authorizeUrl = (more: Record<string, string> = {}): string => {
  const query = { client_id: app.client_id, scope: "chat:write,files:read", redirect_uri, state: "st&1", ...more };
  return `${workspace.url}/oauth/v2/authorize?${new URLSearchParams(query).toString()}`;
};
async function install(choice: InstallChoice = {}): Promise<OauthV2AccessResponse> {
  const code = (await client.oauthInstall(authorizeUrl(), choice)).searchParams.get("code") ?? "";
  return slackClient(workspace.apiUrl, "").oauth.v2.access({ ...app, code, redirect_uri });
}
const refused = (error: string) => ({ data: { error } });

describe("I3 an installation", () => {
  it("brings the person back with code and state, and the code is good once", async () => {
    const back = await client.oauthInstall(authorizeUrl());
    expect(back.href.startsWith(redirect_uri)).toBe(true);
    expect(back.searchParams.get("state")).toBe("st&1");
    const code = back.searchParams.get("code") ?? "";
    const slack = slackClient(workspace.apiUrl, "");
    const given = await slack.oauth.v2.access({ ...app, code, redirect_uri });
    expect(given).toMatchObject({
      token_type: "bot",
      scope: "chat:write,files:read",
      bot_user_id: "U0DECK",
      team: { id: "T0LOCAL" },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: { id: "U0ADA" },
    });
    expect(given).not.toHaveProperty("refresh_token");
    const token = given.access_token ?? "";
    expect(await slackClient(workspace.apiUrl, token).auth.test()).toMatchObject({ team_id: "T0LOCAL" });
    await expect(slackClient(workspace.apiUrl, token).users.info({ user: "U0ADA" })).rejects.toMatchObject(
      refused("missing_scope"),
    );
    await expect(slack.oauth.v2.access({ ...app, code, redirect_uri })).rejects.toMatchObject(refused("invalid_code"));
  });

  it("is refused with a wrong secret or address, and cancelled by the person", async () => {
    const slack = slackClient(workspace.apiUrl, "");
    const code = (await client.oauthInstall(authorizeUrl())).searchParams.get("code") ?? "";
    const wrong = { ...app, client_secret: "x" };
    await expect(slack.oauth.v2.access({ ...wrong, code })).rejects.toMatchObject(refused("bad_client_secret"));
    await expect(slack.oauth.v2.access({ ...app, code, redirect_uri: "https://evil.example" })).rejects.toMatchObject(
      refused("bad_redirect_uri"),
    );
    const denied = await client.oauthInstall(authorizeUrl(), { decision: "deny" });
    expect(denied.searchParams.get("error")).toBe("access_denied");
    await expect(client.oauthInstall(authorizeUrl({ client_id: "other" }))).rejects.toThrow(/invalid_client_id/);
    await expect(client.oauthInstall(authorizeUrl({ redirect_uri: "javascript:1" }))).rejects.toThrow(/400/);
  });

  it("shows what is asked for, and nothing of it as HTML", async () => {
    const shown = await (await fetch(authorizeUrl({ state: `"><script>1</script>` }))).text();
    expect(shown).toContain("chat:write");
    expect(shown).not.toContain("<script>");
  });

  it("may be in another workspace or a whole organisation", async () => {
    const other = await install({ place: "T0OTHER" });
    expect(other).toMatchObject({ team: { id: "T0OTHER" }, authed_user: { id: "U0CARLA" } });
    expect(await slackClient(workspace.apiUrl, other.access_token ?? "").auth.test()).toMatchObject({
      team_id: "T0OTHER",
    });
    await client.setup({ grid: { id: "E0GRID", name: "Grid", orgInstall: true } });
    expect(await install({ place: "E0GRID" })).toMatchObject({
      team: null,
      enterprise: { id: "E0GRID" },
      is_enterprise_install: true,
    });
  });
});

describe("I3 tokens that expire", () => {
  it("are renewed by a refresh token that is good once", async () => {
    await client.setup({ rotation: true });
    const given = await install();
    expect(given).toMatchObject({ expires_in: 43_200, access_token: expect.stringMatching(/^xoxe\.xoxb-/) });
    const slack = slackClient(workspace.apiUrl, given.access_token ?? "");
    await slack.auth.test();
    await client.advance(43_200_001);
    await expect(slack.auth.test()).rejects.toMatchObject(refused("token_expired"));
    const renew = { ...app, grant_type: "refresh_token" as const, refresh_token: given.refresh_token ?? "" };
    const renewed = await slackClient(workspace.apiUrl, "").oauth.v2.access(renew);
    await slackClient(workspace.apiUrl, renewed.access_token ?? "").auth.test();
    await expect(slackClient(workspace.apiUrl, "").oauth.v2.access(renew)).rejects.toMatchObject(
      refused("invalid_refresh_token"),
    );
  });

  it("take the place of one that does not, once", async () => {
    const exchange = () => {
      const body = new URLSearchParams({ ...app, token: botToken });
      return fetch(`${workspace.apiUrl}oauth.v2.exchange`, { method: "POST", body }).then((answer) => answer.json());
    };
    expect(await exchange()).toMatchObject({ error: "token_rotation_not_enabled" });
    await client.setup({ rotation: true });
    const given = fieldsOf(await exchange());
    expect(given).toMatchObject({ ok: true, token_type: "bot", expires_in: 43_200 });
    expect(await exchange()).toMatchObject({ error: "token_already_exchanged" });
  });
});

describe("I3 an app that is removed", () => {
  it("has no token any more, is told so, and comes back by installing again", async () => {
    await client.uninstall();
    await client.waitForDelivery((one) => one.type === "tokens_revoked");
    const gone = await client.waitForDelivery((one) => one.type === "app_uninstalled");
    expect(JSON.parse(gone.body)).toMatchObject({ team_id: "T0LOCAL", event: { type: "app_uninstalled" } });
    await expect(slackClient(workspace.apiUrl).auth.test()).rejects.toMatchObject(refused("token_revoked"));
    const given = await install();
    await slackClient(workspace.apiUrl, given.access_token ?? "").auth.test();
  });

  it("hears of nothing any more, until it is installed again", async () => {
    await client.uninstall();
    await client.waitForDelivery((one) => one.type === "app_uninstalled");
    await client.say("U0ADA", "C0GENERAL", "@Deckhand are you there?");
    expect(await client.command("U0ADA", "C0GENERAL", "/deckhand", "help").catch(String)).toMatch(/not installed|404/);
    await install();
    await client.say("U0ADA", "C0GENERAL", "@Deckhand and now?");
    await client.waitForDelivery((one) => one.text.includes("and now?"));
    const heard = (await client.deliveries()).deliveries.map((one) => one.text).filter((text) => text !== "");
    expect(heard.filter((text) => text.includes("are you there"))).toEqual([]);
  });

  it("may give back one token by itself, and another installation stays", async () => {
    const other = await install({ place: "T0OTHER" });
    await slackClient(workspace.apiUrl, other.access_token ?? "").auth.revoke();
    const told = await client.waitForDelivery((one) => one.type === "tokens_revoked");
    expect(JSON.parse(told.body)).toMatchObject({
      team_id: "T0OTHER",
      authorizations: [{ team_id: "T0OTHER" }],
      event: { tokens: { oauth: [], bot: ["U0DECK"] } },
    });
    await expect(slackClient(workspace.apiUrl, other.access_token ?? "").auth.test()).rejects.toMatchObject(
      refused("token_revoked"),
    );
    await slackClient(workspace.apiUrl).auth.test();
  });
});
