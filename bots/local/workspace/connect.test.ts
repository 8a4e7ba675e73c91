import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorkspaceClient } from "./control-client.ts";
import { fieldsOf, listOf, textOf, type Fields } from "./json.ts";
import { botToken, Listener, send, signingSecret, slackClient } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let worker: Listener;
let workspace: Workspace;
let client: WorkspaceClient;
let slack: WebClient;

beforeEach(async () => {
  worker = new Listener();
  await worker.start();
  workspace = await startWorkspace({ stateFile: ":memory:", signingSecret, botToken });
  workspace.setWorker({
    eventsUrl: `${worker.url}/events`,
    actionsUrl: `${worker.url}/actions`,
    commandsUrl: `${worker.url}/commands`,
  });
  client = await WorkspaceClient.connect(workspace.url);
  slack = slackClient(workspace.apiUrl);
});
afterEach(async () => {
  await client.close();
  await workspace.close();
  await worker.stop();
});

/** The envelope of the first event of a kind. */
async function delivered(type: string, fits = (_: Fields) => true): Promise<Fields> {
  const found = await client.waitForDelivery(
    (one) => one.type === type && fits(fieldsOf(fieldsOf(JSON.parse(one.body)).event)),
  );
  return fieldsOf(JSON.parse(found.body));
}
const eventOf = async (type: string, fits?: (event: Fields) => boolean): Promise<Fields> =>
  fieldsOf((await delivered(type, fits)).event);

describe("A12 somebody of another company", () => {
  it("brings their own team's id, in an envelope that says the channel is shared", async () => {
    const ts = await client.say("U0CARLA", "C0SHARED", "@Deckhand hello");
    const envelope = await delivered("app_mention");
    expect(envelope).toMatchObject({ team_id: "T0LOCAL", context_team_id: "T0LOCAL", is_ext_shared_channel: true });
    const message = await eventOf("message");
    expect(message).toMatchObject({ user: "U0CARLA", user_team: "T0OTHER", source_team: "T0OTHER", team: "T0OTHER" });
    const place = { channel: "C0SHARED", thread_ts: ts, recipient_user_id: "U0CARLA" };
    await expect(slack.chat.startStream({ ...place, recipient_team_id: "T0LOCAL" })).rejects.toMatchObject({
      data: { error: "user_not_found" },
    });
    expect((await slack.chat.startStream({ ...place, recipient_team_id: "T0OTHER" })).ok).toBe(true);
    expect((await slack.users.info({ user: "U0CARLA" })).user?.team_id).toBe("T0OTHER");
    expect((await slack.conversations.info({ channel: "C0SHARED" })).channel?.is_ext_shared).toBe(true);
  });

  it("sees the shared channel and nothing else, and has no commands or shortcuts", async () => {
    expect((await client.state("U0CARLA")).channels.map((one) => one.id)).toEqual(["C0SHARED"]);
    await expect(client.channel("C0GENERAL", "U0CARLA")).rejects.toThrow(/404/);
    await expect(client.command("U0CARLA", "C0SHARED", "/deckhand")).rejects.toThrow(/403/);
    expect(await client.shortcut("U0CARLA", "new_thread")).toMatchObject({ ok: false });
  });

  it("A9 brings a file as a stub, of which files.info tells the rest", async () => {
    await client.say("U0CARLA", "C0SHARED", "look", { files: [{ name: "a.txt", bytes: "hello" }] });
    const [stub] = listOf((await eventOf("message.file_share")).files).map(fieldsOf);
    expect(stub).toMatchObject({ mode: "file_access", file_access: "check_file_info" });
    expect(stub).not.toHaveProperty("url_private_download");
    const info = await slack.files.info({ file: textOf(stub?.id) });
    expect(info.file).toMatchObject({ name: "a.txt", user_team: "T0OTHER" });
    expect(await eventOf("file_shared")).toMatchObject({ file_id: stub?.id, channel_id: "C0SHARED" });
  });
});

describe("A13 an Enterprise Grid organisation", () => {
  it("is named in envelopes, presses and commands, and authorises what is installed for all of it", async () => {
    await client.setup({ grid: { id: "E0GRID", name: "Grid", orgInstall: true } });
    await client.say("U0ADA", "D0ADA", "hi");
    expect(await delivered("message")).toMatchObject({
      enterprise_id: "E0GRID",
      context_enterprise_id: "E0GRID",
      authorizations: [{ enterprise_id: "E0GRID", team_id: null, is_enterprise_install: true }],
    });
    await client.shortcut("U0ADA", "new_thread");
    expect(worker.payloads("shortcut")).toMatchObject([
      { enterprise: { id: "E0GRID" }, is_enterprise_install: true, team: { enterprise_id: "E0GRID" } },
    ]);
    await client.command("U0ADA", "C0GENERAL", "/deckhand");
    const form = new URLSearchParams(worker.received.at(-1)?.body);
    expect([form.get("enterprise_id"), form.get("is_enterprise_install")]).toEqual(["E0GRID", "true"]);
    expect(await slack.auth.test()).toMatchObject({ enterprise_id: "E0GRID", is_enterprise_install: true });
  });
});

describe("reactions, replies to the channel, titles", () => {
  it("tell of a person's reaction and the app's, once each", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", "well?");
    const message = { channel: "C0GENERAL", ts };
    await client.react("U0GRACE", message, "eyes");
    expect(await eventOf("reaction_added")).toMatchObject({
      user: "U0GRACE",
      reaction: "eyes",
      item: { type: "message", ...message },
      item_user: "U0ADA",
    });
    await expect(client.react("U0GRACE", message, "eyes")).rejects.toThrow(/already_reacted/);
    await slack.reactions.add({ channel: "C0GENERAL", timestamp: ts, name: "eyes" });
    const shown = await client.waitForMessage((one) => one.ts === ts && one.reactions?.[0]?.users.length === 2);
    expect(shown.reactions).toEqual([{ name: "eyes", users: ["U0GRACE", "U0DECK"] }]);
    await slack.reactions.remove({ channel: "C0GENERAL", timestamp: ts, name: "eyes" });
    await client.react("U0GRACE", message, "eyes", false);
    expect(await eventOf("reaction_removed", (event) => event.user === "U0GRACE")).toMatchObject({ reaction: "eyes" });
  });

  it("show a reply that goes to the channel too in both", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", "root");
    const reply = { channel: "C0GENERAL", thread_ts: ts, reply_broadcast: true as const, text: "for all" };
    await send(slack, reply);
    expect((await client.channel("C0GENERAL")).map((one) => [one.text, one.broadcast])).toEqual([
      ["root", false],
      ["for all", true],
    ]);
    expect(await client.thread("C0GENERAL", ts)).toHaveLength(2);
    expect(await eventOf("message.thread_broadcast")).toMatchObject({ text: "for all", root: { ts } });
  });

  it("tell when a person renames a session", async () => {
    const ts = await client.say("U0ADA", "D0ADA", "hi");
    await expect(client.rename("U0ADA", "D0ADA", ts, "x")).rejects.toThrow(/no session/);
    const session = { channel_id: "D0ADA", thread_ts: ts };
    await slack.agents.sessions.setStatus({ ...session, status: "processing", title: "Old" });
    await client.rename("U0ADA", "D0ADA", ts, "New");
    expect(await eventOf("agent_session_title_changed")).toMatchObject({
      channel: "D0ADA",
      user: "U0ADA",
      team_id: "T0LOCAL",
      thread_ts: ts,
      title: "New",
      previous_title: "Old",
    });
    expect((await client.waitForStatus("D0ADA", ts, (one) => one.title === "New")).title).toBe("New");
  });

  it("are sent only where the app is subscribed", async () => {
    await client.setup({ events: ["app_mention", "message.channels"] });
    const ts = await client.say("U0ADA", "C0GENERAL", "@Deckhand hi");
    await client.react("U0ADA", { channel: "C0GENERAL", ts }, "eyes");
    await client.say("U0ADA", "D0ADA", "not heard");
    await client.say("U0ADA", "C0GENERAL", "last");
    await eventOf("message", (event) => event.text === "last");
    expect((await client.deliveries()).deliveries.map((one) => one.type).toSorted()).toEqual([
      "app_mention",
      "message",
      "message",
    ]);
  });
});
