import { mkdtempSync, rmSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import { freePort } from "../../bots/local/ports.ts";
import { startWorker, type RunningWorker } from "../../bots/local/worker-process.ts";
import { sign } from "../../bots/slack/signature.ts";
import { Deckhand } from "../harness/deckhand.ts";
import { SlackTeams, type Installed } from "../stand-ins/slack-teams.ts";

const root = join(import.meta.dirname, "../..");
const tokenKey = Buffer.from("k".repeat(32)).toString("base64");

describe("the local workspace, installed by OAuth", () => {
  let deckhand: Deckhand;
  beforeAll(async () => {
    deckhand = await Deckhand.start({
      env: {
        SLACK_CLIENT_ID: "local.deckhand",
        SLACK_CLIENT_SECRET: "local-client-secret",
        SLACK_TOKEN_KEY: tokenKey,
      },
    });
  });
  afterAll(() => deckhand.close());

  const general = "C0GENERAL";
  const ask = (text: string) => deckhand.slack.say("U0ADA", general, `@Deckhand echo ${text}`);
  const answered = async (text: string) =>
    deckhand.slack.waitForReply(general, await ask(text), (one) => shownText(one).includes(text));

  /** As a person: from the Worker to Slack, "Allow" there, and back. */
  async function install(decision: "allow" | "deny" = "allow"): Promise<Response> {
    const away = await fetch(`${deckhand.workerUrl}/slack/install`, { redirect: "manual" });
    const url = new URL(away.headers.get("location") ?? "");
    const form = new URLSearchParams([...url.searchParams, ["decision", decision], ["place", "T0LOCAL"]]);
    const page = url.origin + url.pathname;
    const headers = { origin: url.origin, "content-type": "application/x-www-form-urlencoded" };
    const back = await fetch(page, { method: "POST", body: form.toString(), redirect: "manual", headers });
    return fetch(back.headers.get("location") ?? "");
  }

  test("it is installed, answers, renews its tokens, ends, and can be installed again", async () => {
    await deckhand.slack.setup({ rotation: true });
    // The token that npm start made is over: from here on only what is installed can answer.
    await deckhand.slack.revokeTokens();
    const refused = await install("deny");
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("cancelled")]);
    const installed = await install();
    expect([installed.status, await installed.text()]).toEqual([200, expect.stringContaining("Deckhand Local")]);
    await answered("by-its-own-token");

    // Slack takes the token no more, long before our clock says so. The last call of the turn before may be the first to meet it.
    await deckhand.slack.clearCalls();
    await deckhand.slack.advance(13 * 60 * 60 * 1000);
    await answered("by-a-renewed-token");
    const renewals = (await deckhand.slack.calls("oauth.v2.access")).map((call) => [call.args["grant_type"], call.ok]);
    expect(renewals).toEqual([["refresh_token", true]]);

    await deckhand.slack.uninstall();
    await deckhand.slack.waitForDelivery((one) => one.type === "app_uninstalled" && one.ok);
    await deckhand.slack.waitForDelivery((one) => one.type === "tokens_revoked" && one.ok);
    const ts = await ask("nobody-hears-this");
    expect((await install()).status).toBe(200);
    await answered("back-again");
    // What was said meanwhile came after the news of the removal, and before the answer.
    expect(await deckhand.trace(general, ts)).toContain("nothing has happened here yet");
    expect(deckhand.output).not.toMatch(/xox[be][-.]/);
  });
});

describe("many workspaces", () => {
  let slack: SlackTeams;
  let worker: RunningWorker;
  const stateDir = mkdtempSync(join(tmpdir(), "deckhand-installs-"));
  const signingSecret = "a-signing-secret";

  beforeAll(async () => {
    slack = await SlackTeams.start();
    slack.allow("xoxb-own", "TOWN");
    worker = await startWorker({
      root,
      stateDir,
      containers: false,
      // The same one after a restart.
      port: await freePort(0),
      vars: {
        LOCAL: "1",
        PUBLIC_URL: "https://deck.example",
        REHEARSAL_DELAY_MS: "0",
        SLACK_API_URL: slack.url,
        SLACK_BOT_TOKEN: "xoxb-own",
        SLACK_SIGNING_SECRET: signingSecret,
        SLACK_CLIENT_ID: "1.2",
        SLACK_CLIENT_SECRET: "app-secret",
        SLACK_TOKEN_KEY: tokenKey,
      },
    });
  });
  afterAll(async () => {
    await worker.close();
    await slack.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  let next = 1;
  const stamp = () => `${Math.floor(Date.now() / 1000)}.${String(next++).padStart(6, "0")}`;
  const place = (id: string): Installed => ({
    team: { id, name: id },
    enterprise: null,
    is_enterprise_install: false,
  });

  async function install(installed: Installed): Promise<void> {
    const away = await fetch(`${worker.url}/slack/install`, { redirect: "manual" });
    const state = new URL(away.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const code = `code-${next++}`;
    slack.codes.set(code, installed);
    const back = await fetch(`${worker.url}/slack/oauth/callback?${new URLSearchParams({ code, state }).toString()}`);
    expect(back.status).toBe(200);
  }

  async function send(body: object): Promise<number> {
    const text = JSON.stringify(body);
    const headers = { "content-type": "application/json", ...(await sign(signingSecret, text, Date.now())) };
    return (await fetch(`${worker.url}/slack/events`, { method: "POST", body: text, headers })).status;
  }

  /** A mention in a channel of its own; gives the channel. */
  async function mention(
    authorization: { team_id: string | null; enterprise_id?: string; is_enterprise_install?: boolean },
    rest: { team?: string; user?: string; userTeam?: string; text?: string } = {},
  ): Promise<string> {
    const channel = `C${next++}`;
    const team = rest.team ?? authorization.team_id;
    const status = await send({
      type: "event_callback",
      team_id: team,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ enterprise_id: null, is_bot: true, user_id: "UBOT", ...authorization }],
      event: {
        type: "app_mention",
        channel,
        user: rest.user ?? "U1",
        team: rest.userTeam ?? team,
        ...(rest.userTeam === undefined ? {} : { user_team: rest.userTeam, source_team: rest.userTeam }),
        text: `<@UBOT> ${rest.text ?? "echo hello"}`,
        ts: stamp(),
      },
    });
    expect(status).toBe(200);
    return channel;
  }
  const started = (channel: string) =>
    slack.waitFor(
      (call) => /^chat\.(?:postMessage|startStream)$/.test(call.method) && call.args["channel"] === channel,
    );
  const tokensIn = (channel: string) => [
    ...new Set(slack.calls.filter((call) => call.args["channel"] === channel).map((call) => call.token)),
  ];

  test("each is answered with its own token, and the one of SLACK_BOT_TOKEN with that", async () => {
    await install(place("TA"));
    await install(place("TB"));
    const [a, b, own] = [
      await mention({ team_id: "TA" }),
      await mention({ team_id: "TB" }),
      await mention({ team_id: "TOWN" }),
    ];
    expect((await started(a)).token).toMatch(/^xoxb-TA-/);
    expect((await started(b)).token).toMatch(/^xoxb-TB-/);
    expect((await started(own)).token).toBe("xoxb-own");
  });

  test("where it is not installed nothing is answered, and nobody else's token is used", async () => {
    const channel = await mention({ team_id: "TNONE" });
    // Acknowledged means that it was decided already.
    expect(tokensIn(channel)).toEqual([]);
  });

  test("a person of another company in a shared channel: the installing workspace's token, their own team's stream", async () => {
    await install(place("TC"));
    const other = { team: "TOTHER", user: "UOTHER", userTeam: "TOTHER", text: "run: return 6 * 7" };
    const channel = await mention({ team_id: "TC" }, other);
    const call = await started(channel);
    expect(call.token).toMatch(/^xoxb-TC-/);
    expect(call.args).toMatchObject({ recipient_user_id: "UOTHER", recipient_team_id: "TOTHER" });
  });

  test("Enterprise Grid: one installation of the organisation serves its workspaces, until it is removed", async () => {
    await install({ team: null, enterprise: { id: "EORG", name: "Org" }, is_enterprise_install: true });
    const org = { enterprise_id: "EORG", is_enterprise_install: true };
    const named = await mention({ ...org, team_id: "TG1" });
    const unnamed = await mention({ ...org, team_id: null }, { team: "TG2" });
    expect((await started(named)).token).toMatch(/^xoxb-EORG-/);
    expect((await started(unnamed)).token).toMatch(/^xoxb-EORG-/);

    // A workspace of it that installs by itself has a token of its own.
    await install({ ...place("TG3"), enterprise: { id: "EORG", name: "Org" } });
    const self = await mention({ enterprise_id: "EORG", is_enterprise_install: false, team_id: "TG3" });
    expect((await started(self)).token).toMatch(/^xoxb-TG3-/);

    const removed = { type: "event_callback", team_id: "EORG", enterprise_id: "EORG", authorizations: [] };
    const at = Math.floor(Date.now() / 1000);
    expect(await send({ ...removed, event_time: at, event: { type: "app_uninstalled" } })).toBe(200);
    expect(tokensIn(await mention({ ...org, team_id: "TG1" }))).toEqual([]);
    const still = await mention({ enterprise_id: "EORG", is_enterprise_install: false, team_id: "TG3" });
    expect((await started(still)).token).toMatch(/^xoxb-TG3-/);
  });

  test("tokens that have run out are renewed once, however many threads ask", async () => {
    await install({ ...place("TR"), expires_in: 1 });
    const channels = await Promise.all(Array.from({ length: 5 }, () => mention({ team_id: "TR" })));
    const tokens = new Set(await Promise.all(channels.map(async (channel) => (await started(channel)).token)));
    const shown = slack.calls.flatMap((call) =>
      call.args["refresh_token"]?.includes("-TR-") ? [call.args["refresh_token"]] : [],
    );
    // Each refresh token was shown once: nobody raced for one.
    expect(shown.length).toBeGreaterThan(0);
    expect(new Set(shown).size).toBe(shown.length);
    for (const token of tokens) expect(token).toMatch(/^xoxb-TR-/);
  });

  test("old news of a removal does not end an installation that came after it", async () => {
    await install(place("TD"));
    const old = Math.floor(Date.now() / 1000) - 300;
    const event = { type: "tokens_revoked", tokens: { bot: ["UBOT"] } };
    expect(await send({ type: "event_callback", team_id: "TD", event_time: old, event })).toBe(200);
    expect((await started(await mention({ team_id: "TD" }))).token).toMatch(/^xoxb-TD-/);
  });

  test("what is installed outlives the Worker, and no token lies on the disk in the clear", async () => {
    await install(place("TE"));
    const { token } = await started(await mention({ team_id: "TE" }));
    await worker.restart();
    expect((await started(await mention({ team_id: "TE" }))).token).toBe(token);
    const files = await readdir(stateDir, { recursive: true, withFileTypes: true });
    const sqlite = files.filter((one) => one.isFile() && /sqlite/.test(one.name));
    expect(sqlite.length).toBeGreaterThan(0);
    for (const one of sqlite) {
      const text = (await readFile(join(one.parentPath, one.name))).toString("latin1");
      expect(text.includes(token), one.name).toBe(false);
    }
  });
});
