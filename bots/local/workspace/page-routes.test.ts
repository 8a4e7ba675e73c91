import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebClient } from "@slack/web-api";
import { shownText, WorkspaceClient } from "./control-client.ts";
import { fieldsOf } from "./json.ts";
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
    traceUrl: "http://127.0.0.1:1/threads/{thread}/trace",
  });
  client = await WorkspaceClient.connect(workspace.url);
  slack = slackClient(workspace.apiUrl);
});
afterEach(async () => {
  await client.close();
  await workspace.close();
  await worker.stop();
});

const button = (id: string) => ({
  type: "button" as const,
  action_id: id,
  text: { type: "plain_text" as const, text: `Press ${id}` },
  value: `value of ${id}`,
});
const actions = (...ids: string[]) => [{ type: "actions" as const, elements: ids.map(button) }];
const payloadOf = (body: string | undefined) =>
  fieldsOf(JSON.parse(new URLSearchParams(body ?? "").get("payload") ?? "{}"));

describe("the page's API", () => {
  it("tells who is there, what is on, and what is unread", async () => {
    workspace.setFeatures([{ name: "model", on: false, detail: "no key" }]);
    await client.say("U0GRACE", "C0GENERAL", "one");
    await client.say("U0ADA", "C0RANDOM", "own words are read");
    const state = await client.state("U0ADA");
    expect(state).toMatchObject({
      team: { id: "T0LOCAL" },
      features: [{ name: "model", on: false }],
      traceUrl: "http://127.0.0.1:1/threads/{thread}/trace",
    });
    expect(state.channels.map(({ id, name, unread }) => [id, name, unread])).toEqual([
      ["C0GENERAL", "general", 1],
      ["C0RANDOM", "random", 0],
      ["C0PROJECT", "project", 0],
      ["C0SHARED", "shared-acme", 0],
      ["D0ADA", "Deckhand", 0],
    ]);
    await client.channel("C0GENERAL", "U0ADA");
    expect((await client.state("U0ADA")).channels[0]?.unread).toBe(0);
  });

  it("refuses to touch what another wrote, an unknown person, an empty message and too large a file", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", "mine");
    await expect(client.edit("U0GRACE", "C0GENERAL", ts, "yours")).rejects.toThrow(/403.*somebody else's/);
    await expect(client.say("U0NOBODY", "C0GENERAL", "x")).rejects.toThrow(/400/);
    await expect(client.say("U0ADA", "C0GENERAL", " ")).rejects.toThrow(/nothing to send/);
    await expect(client.say("U0ADA", "C0GENERAL", "x", { threadTs: "1.1" })).rejects.toThrow(/thread is gone/);
    const large = { name: "large.bin", bytes: new Uint8Array(65 * 1024 * 1024) };
    await expect(client.say("U0ADA", "C0GENERAL", "x", { files: [large] })).rejects.toThrow(/413.*64 MB/);
  });

  it("keeps the lines of a message as they were typed", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", "one\ntwo\n\nthree");
    const message = await client.waitForMessage((one) => one.ts === ts);
    expect(shownText(message)).toBe("one\ntwo\n\nthree");
  });

  it("gives a person's HTML and SVG only as a download", async () => {
    await client.say("U0ADA", "C0GENERAL", "", {
      files: [{ name: "a.html", bytes: "<script>1</script>", type: "text/html" }],
    });
    const [message] = await client.channel("C0GENERAL");
    const response = await fetch(workspace.url + (message?.files[0]?.url ?? ""));
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(response.headers.get("content-disposition")).toMatch(/^attachment/);
    const other = await fetch(`${workspace.url}/local/files/${message?.files[0]?.id}/a.html?as=U0NOBODY`);
    expect(other.status).toBe(400);
  });

  it("H1 Home shows what the app published, and opening it tells the app", async () => {
    expect(await client.home("U0ADA")).toBeNull();
    await client.waitForDelivery((one) => one.type === "app_home_opened");
    await slack.views.publish({
      user_id: "U0ADA",
      view: { type: "home", blocks: [{ type: "section", text: { type: "mrkdwn", text: "Hello Ada" } }] },
    });
    expect(await client.home("U0ADA")).toMatchObject([{ text: { text: "Hello Ada" } }]);
    expect(await client.home("U0GRACE")).toBeNull();
  });
});

describe("presses and commands", () => {
  it("on a whisper are known to be that", async () => {
    await slack.chat.postEphemeral({ channel: "C0GENERAL", user: "U0ADA", text: "only you", blocks: actions("a") });
    const whisper = await client.waitForWhisper("U0ADA");
    expect(await client.press("U0ADA", whisper, "a")).toEqual({ ok: true });
    const payload = payloadOf(worker.received.find(({ url }) => url === "/actions")?.body);
    expect(payload).toMatchObject({ container: { is_ephemeral: true }, actions: [{ value: "value of a" }] });
    expect(payload).not.toHaveProperty("message");
    expect(await client.press("U0GRACE", whisper, "a")).toMatchObject({ ok: false, error: "That message is gone." });
    await fetch(String(payload.response_url), {
      method: "POST",
      body: JSON.stringify({ replace_original: true, text: "done" }),
    });
    expect(shownText(await client.waitForWhisper("U0ADA", (one) => one.text === "done"))).toBe("done");
  });

  it("find a button by its label, in a streamed message too, and refuse one that is not there", async () => {
    const asked = await client.say("U0ADA", "D0ADA", "which?");
    const stream = await slack.chat.startStream({ channel: "D0ADA", thread_ts: asked, markdown_text: "pick" });
    await slack.chat.stopStream({ channel: "D0ADA", ts: stream.ts ?? "", blocks: actions("a", "b") });
    const message = await client.waitForMessage((one) => one.ts === stream.ts && !one.streaming);
    expect(await client.press("U0ADA", message, "Press b")).toEqual({ ok: true });
    const payload = payloadOf(worker.received.find(({ url }) => url === "/actions")?.body);
    expect(payload).toMatchObject({ channel: { id: "D0ADA", name: "directmessage" }, actions: [{ action_id: "b" }] });
    expect(await client.press("U0ADA", message, "c")).toMatchObject({ ok: false });
  });

  it("open a modal once, within three seconds of the press", async () => {
    await send(slack, { channel: "D0ADA", text: "card", blocks: actions("a") });
    const message = await client.waitForMessage((one) => one.text === "card");
    await client.press("U0ADA", message, "a");
    const trigger = String(payloadOf(worker.received.findLast(({ url }) => url === "/actions")?.body).trigger_id);
    const open = (id: string) =>
      slack.views.open({
        trigger_id: id,
        view: { type: "modal", title: { type: "plain_text", text: "T" }, blocks: [{ type: "divider" }] },
      });
    await expect(open("1.nothing")).rejects.toMatchObject({ data: { error: "invalid_trigger_id" } });
    expect((await open(trigger)).view?.type).toBe("modal");
    await expect(open(trigger)).rejects.toMatchObject({ data: { error: "exchanged_trigger_id" } });
    await client.press("U0ADA", message, "a");
    const late = String(payloadOf(worker.received.findLast(({ url }) => url === "/actions")?.body).trigger_id);
    await client.advance(3_001);
    await expect(open(late)).rejects.toMatchObject({ data: { error: "expired_trigger_id" } });
  });

  it("a command reaches the app signed, and its answer only the person", async () => {
    worker.answer = JSON.stringify({ response_type: "ephemeral", text: "Here is what I can do." });
    await client.command("U0ADA", "C0GENERAL", "/deckhand", "help me");
    const form = new URLSearchParams(worker.received.find(({ url }) => url === "/commands")?.body);
    expect([form.get("command"), form.get("text"), form.get("user_id")]).toEqual(["/deckhand", "help me", "U0ADA"]);
    expect(shownText(await client.waitForWhisper("U0ADA"))).toBe("Here is what I can do.");
  });
});

describe("an app that is not in the channel", () => {
  it("hears nothing there and may not post", async () => {
    await client.setMember("C0RANDOM", "U0DECK", false);
    await client.say("U0ADA", "C0RANDOM", "@Deckhand are you there?");
    expect((await client.deliveries()).undelivered).toBe(0);
    expect(worker.received).toEqual([]);
    await expect(send(slack, { channel: "C0RANDOM", text: "x" })).rejects.toMatchObject({
      data: { error: "not_in_channel" },
    });
  });
});
