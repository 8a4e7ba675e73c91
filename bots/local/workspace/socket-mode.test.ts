import { App, SocketModeReceiver } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shownText, WorkspaceClient } from "./control-client.ts";
import { botToken, signingSecret, silent, slackClient } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

/* Bolt's own receiver, unchanged, against the local workspace. */
let workspace: Workspace;
let client: WorkspaceClient;
let receiver: SocketModeReceiver;
let app: App;

beforeEach(async () => {
  workspace = await startWorkspace({ stateFile: ":memory:", signingSecret, botToken });
  client = await WorkspaceClient.connect(workspace.url);
  const clientOptions = { slackApiUrl: workspace.apiUrl };
  receiver = new SocketModeReceiver({
    appToken: "xapp-local",
    logger: silent,
    clientPingTimeout: 200,
    installerOptions: { clientOptions },
  });
  app = new App({ receiver, token: botToken, clientOptions, logger: silent });
});
afterEach(async () => {
  await app.stop();
  await client.close();
  await workspace.close();
});

describe("I4 Socket Mode", () => {
  it("brings events, what waited before it connected too", async () => {
    app.message(async ({ message, say }) => {
      if (message.subtype === undefined) await say({ text: `heard: ${message.text}`, thread_ts: message.ts });
    });
    const early = await client.say("U0ADA", "D0ADA", "early");
    expect((await client.deliveries()).undelivered).toBe(1);
    await app.start();
    expect(shownText(await client.waitForReply("D0ADA", early))).toBe("heard: early");
    const late = await client.say("U0ADA", "D0ADA", "late");
    expect(shownText(await client.waitForReply("D0ADA", late))).toBe("heard: late");
    const delivered = await client.waitForDelivery((one) => one.text === "late");
    expect(delivered).toMatchObject({ ok: true, status: 200, attempt: 0 });
  });

  it("brings commands, presses and views, with what the app answers", async () => {
    app.command("/deckhand", async ({ ack, body, client: slack }) => {
      await ack({ response_type: "ephemeral", text: `You said ${body.text}.` });
      const name = { type: "input" as const, block_id: "name", label: { type: "plain_text" as const, text: "Name" } };
      await slack.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: "modal",
          callback_id: "form",
          title: { type: "plain_text", text: "Form" },
          submit: { type: "plain_text", text: "Save" },
          blocks: [{ ...name, element: { type: "plain_text_input", action_id: "value" } }],
        },
      });
    });
    app.view("form", async ({ ack, view }) => {
      const value = view.state.values["name"]?.["value"]?.value;
      if (value === "root") await ack({ response_action: "errors", errors: { name: "Taken." } });
      else await ack();
    });
    await app.start();
    await client.command("U0ADA", "C0GENERAL", "/deckhand", "model");
    expect(shownText(await client.waitForWhisper("U0ADA"))).toBe("You said model.");
    await client.waitForModal("U0ADA");
    expect(await client.submitView("U0ADA", { value: "root" })).toEqual({ ok: true, errors: { name: "Taken." } });
    expect(await client.submitView("U0ADA", { value: "ada" })).toEqual({ ok: true, errors: {} });
    await client.waitForNoModal("U0ADA");
  });

  it("is connected to again when Slack says so, and nothing is lost meanwhile", async () => {
    app.message(async ({ message, say }) => {
      if (message.subtype === undefined) await say({ text: "yes", thread_ts: message.ts });
    });
    await app.start();
    const again = new Promise<void>((resolve) => receiver.client.once("connected", () => resolve()));
    await client.disconnectSockets();
    const ts = await client.say("U0ADA", "D0ADA", "still there?");
    await again;
    expect(shownText(await client.waitForReply("D0ADA", ts))).toBe("yes");
  });

  it("is opened by an app's token only, by a ticket that is good once", async () => {
    const open = (token: string) => slackClient(workspace.apiUrl, token).apps.connections.open({});
    await expect(open(botToken)).rejects.toMatchObject({ data: { error: "not_allowed_token_type" } });
    await expect(open("xapp-other")).rejects.toMatchObject({ data: { error: "invalid_auth" } });
    const { url = "" } = await open("xapp-local");
    const connect = (to: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(to);
        socket.addEventListener("message", (event) => {
          resolve(String(event.data));
          socket.close();
        });
        socket.addEventListener("error", () => resolve("refused"));
      });
    expect(JSON.parse(await connect(url))).toMatchObject({ type: "hello", connection_info: { app_id: "A0DECK" } });
    expect(await connect(url)).toBe("refused");
  });
});
