import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fieldsOf, type Fields } from "./json.ts";
import { botToken, Listener, send, signingSecret, slackClient } from "./test-kit.ts";
import { signedHeaders } from "./signature.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let worker: Listener;
let workspace: Workspace;
let slack: WebClient;
let now = 1_800_000_000_000;

beforeEach(async () => {
  now = 1_800_000_000_000;
  worker = new Listener();
  await worker.start();
  workspace = await startWorkspace({
    stateFile: ":memory:",
    signingSecret,
    botToken,
    eventsUrl: `${worker.url}/slack/events`,
    now: () => now,
  });
  workspace.setWorker({ actionsUrl: `${worker.url}/slack/actions` });
  slack = slackClient(workspace.apiUrl);
});
afterEach(async () => {
  await workspace.close();
  await worker.stop();
});

async function say(
  as: string,
  channel: string,
  text: string,
  extra: Record<string, string> = {},
  file?: File,
): Promise<string> {
  const form = new FormData();
  for (const [key, value] of Object.entries({ as, channel, text, ...extra })) form.set(key, value);
  if (file !== undefined) form.append("file", file);
  const response = await fetch(`${workspace.url}/local/messages`, { method: "POST", body: form });
  expect(response.status).toBe(200);
  return String(fieldsOf(await response.json()).ts);
}
const local = async (path: string): Promise<Fields> => fieldsOf(await (await fetch(workspace.url + path)).json());

describe("the Web API by Slack's own client", () => {
  it("posts, updates, deletes and reads back", async () => {
    const posted = await send(slack, { channel: "C0GENERAL", text: "one" });
    const reply = await send(slack, {
      channel: "C0GENERAL",
      thread_ts: posted.ts ?? "",
      text: "two",
      metadata: { event_type: "m", event_payload: { id: "x" } },
    });
    await slack.chat.update({ channel: "C0GENERAL", ts: reply.ts ?? "", text: "two, mended" });
    const read = await slack.conversations.replies({
      channel: "C0GENERAL",
      ts: posted.ts ?? "",
      include_all_metadata: true,
    });
    expect(read.messages?.map((message) => message.text)).toEqual(["one", "two, mended"]);
    expect(read.messages?.[1]?.metadata?.event_payload).toEqual({ id: "x" });
    await slack.chat.delete({ channel: "C0GENERAL", ts: reply.ts ?? "" });
    const after = await slack.conversations.replies({ channel: "C0GENERAL", ts: posted.ts ?? "" });
    expect(after.messages).toHaveLength(1);
  });

  it("pages through a thread, the root once", async () => {
    const root = await send(slack, { channel: "D0ADA", text: "root" });
    for (const text of ["a", "b", "c"]) await send(slack, { channel: "D0ADA", text, thread_ts: root.ts ?? "" });
    const texts: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await slack.conversations.replies({
        channel: "D0ADA",
        ts: root.ts ?? "",
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      texts.push(...(page.messages ?? []).map((message) => message.text));
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    expect(texts).toEqual(["root", "a", "b", "c"]);
  });

  it("streams text and tasks, appends to what a task says, and ends", async () => {
    const asked = await say("U0ADA", "C0GENERAL", "@Deckhand hello");
    const place = { channel: "C0GENERAL", thread_ts: asked };
    const started = await slack.chat.startStream({
      ...place,
      recipient_user_id: "U0ADA",
      recipient_team_id: "T0LOCAL",
    });
    const ts = started.ts ?? "";
    const task = { type: "task_update" as const, id: "t1", title: "Look", status: "in_progress" as const };
    await slack.chat.appendStream({
      channel: "C0GENERAL",
      ts,
      chunks: [
        { type: "markdown_text", text: "Hel" },
        { ...task, details: "a" },
      ],
    });
    await expect(slack.chat.update({ channel: "C0GENERAL", ts, text: "no" })).rejects.toMatchObject({
      data: { error: "streaming_state_conflict" },
    });
    await slack.chat.stopStream({
      channel: "C0GENERAL",
      ts,
      chunks: [
        { ...task, status: "complete", details: "b" },
        { type: "markdown_text", text: "lo" },
      ],
    });
    const thread = await local(`/local/channels/C0GENERAL/threads/${asked}?as=U0ADA`);
    expect((thread.messages as Fields[])[1]).toMatchObject({
      streaming: false,
      segments: [
        { kind: "markdown", text: "Hel" },
        { kind: "task", task: { status: "complete", details: "ab" } },
        { kind: "markdown", text: "lo" },
      ],
    });
  });

  it("ends a stream after five minutes and after 12,000 characters, as Slack does", async () => {
    const asked = await say("U0ADA", "D0ADA", "hi");
    const first = await slack.chat.startStream({ channel: "D0ADA", thread_ts: asked, markdown_text: "x" });
    now += 5 * 60_000 + 1;
    await expect(
      slack.chat.appendStream({ channel: "D0ADA", ts: first.ts ?? "", markdown_text: "y" }),
    ).rejects.toMatchObject({
      data: { error: "message_not_in_streaming_state" },
    });
    const second = await slack.chat.startStream({ channel: "D0ADA", thread_ts: asked, markdown_text: "x" });
    await expect(
      slack.chat.appendStream({ channel: "D0ADA", ts: second.ts ?? "", markdown_text: "y".repeat(12_000) }),
    ).rejects.toMatchObject({ data: { error: "msg_too_long" } });
  });

  it("takes an upload in three steps and gives it only to the bearer", async () => {
    const root = await send(slack, { channel: "C0GENERAL", text: "root" });
    await slack.filesUploadV2({
      channel_id: "C0GENERAL",
      thread_ts: root.ts ?? "",
      filename: "a.csv",
      file: Buffer.from("a,b"),
    });
    const read = await slack.conversations.replies({ channel: "C0GENERAL", ts: root.ts ?? "" });
    const file = read.messages?.[1]?.files?.[0];
    const url = file?.url_private_download ?? "";
    const good = await fetch(url, { headers: { authorization: `Bearer ${botToken}` } });
    expect(await good.text()).toBe("a,b");
    const bad = await fetch(url);
    expect([bad.status, bad.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const info = await slack.files.info({ file: file?.id ?? "" });
    expect(info.file).toMatchObject({ name: "a.csv", mimetype: "text/csv", size: 3 });
  });

  it("answers 429 with Retry-After when one channel is flooded", async () => {
    workspace.control.setRates("strict");
    await send(slack, { channel: "C0GENERAL", text: "one" });
    await expect(send(slack, { channel: "C0GENERAL", text: "two" })).rejects.toMatchObject({
      retryAfter: 1,
    });
    now += 1_000;
    await send(slack, { channel: "C0GENERAL", text: "two" });
  });

  it.each([
    ["chat.postMessage", {}, "channel_not_found"],
    ["chat.postMessage", { channel: "C0GENERAL" }, "no_text"],
    ["chat.postMessage", { channel: "C0NOWHERE", text: "x" }, "channel_not_found"],
    ["chat.postMessage", { channel: "C0GENERAL", blocks: "[{" }, "invalid_blocks_format"],
    ["chat.postMessage", { channel: "C0GENERAL", blocks: [{ type: "nope" }] }, "invalid_blocks"],
    ["chat.postMessage", { channel: "C0GENERAL", text: "x", markdown_text: "y" }, "markdown_text_conflict"],
    ["chat.startStream", { channel: "C0GENERAL" }, "missing_recipient_user_id"],
    ["chat.update", { channel: "C0GENERAL", ts: "1.1", text: "x" }, "message_not_found"],
    ["agents.sessions.setStatus", { channel_id: "D0ADA", status: "happy", thread_ts: "1.1" }, "invalid_arguments"],
    ["assistant.threads.setStatus", { channel_id: "D0ADA", status: "x", thread_ts: "1.1" }, "invalid_thread_ts"],
    ["conversations.replies", { channel: "C0GENERAL", ts: "1.1" }, "thread_not_found"],
    ["users.info", { user: "U0NOBODY" }, "user_not_found"],
    ["chat.whatever", {}, "unknown_method"],
  ])("%s %j is refused as %s", async (method, args, error) => {
    await expect(slack.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
  });

  it("notes what a method's schema does not name, which Slack would let pass without a word", async () => {
    await slack.apiCall("chat.postMessage", { channel: "C0GENERAL", text: "x", unfurl_link: false });
    await expect(
      slack.apiCall("conversations.replies", { channel: "C0GENERAL", ts: "1.1", limit: "many" }),
    ).rejects.toThrow();
    await slack.apiCall("chat.postMessage", { channel: "C0GENERAL", text: "y", unfurl_links: false });
    const calls = workspace.control.calls().slice(-3);
    expect(calls.map((one) => [one.strange, one.error])).toEqual([
      [["unfurl_link"], null],
      [[], "invalid_arguments"],
      [[], null],
    ]);
  });

  it("refuses a missing and a wrong token", async () => {
    const call = async (headers: Record<string, string>) =>
      fieldsOf(await (await fetch(`${workspace.apiUrl}auth.test`, { method: "POST", headers })).json());
    expect(await call({})).toMatchObject({ ok: false, error: "not_authed" });
    expect(await call({ authorization: "Bearer xoxb-other" })).toMatchObject({ ok: false, error: "invalid_auth" });
  });
});

describe("events", () => {
  it("A1 a mention comes as message and as app_mention, signed, with one stamp", async () => {
    const ts = await say("U0ADA", "C0GENERAL", "@deckhand hi <there>");
    await worker.until(() => worker.received.length === 2);
    const events = worker.events();
    expect(events.map((event) => event.type).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      "app_mention",
      "message",
    ]);
    for (const event of events) {
      expect(event).toMatchObject({ ts, user: "U0ADA", text: "<@U0DECK> hi &lt;there&gt;", channel: "C0GENERAL" });
    }
    const [first] = worker.received;
    const stamp = Number(first?.headers["x-slack-request-timestamp"]) * 1000;
    const signed = signedHeaders(signingSecret, first?.body ?? "", stamp);
    expect(first?.headers["x-slack-signature"]).toBe(signed["x-slack-signature"]);
    expect(stamp).toBe(now);
  });

  it("A2 a direct message has no thread_ts on its root and comes once", async () => {
    await say("U0ADA", "D0ADA", "@Deckhand hi");
    await worker.until(() => worker.received.length === 1);
    expect(worker.events()[0]).toMatchObject({ type: "message", channel_type: "im" });
    expect(worker.events()[0]).not.toHaveProperty("thread_ts");
  });

  it("I2 are stamped with the true time, however far a test has moved the clock", async () => {
    workspace.control.advance(3_600_000);
    await say("U0ADA", "D0ADA", "hi");
    await worker.until(() => worker.received.length === 1);
    expect(Number(worker.received[0]?.headers["x-slack-request-timestamp"])).toBe(now / 1000);
  });

  it("retries at once, after a minute and after five, then gives up", async () => {
    worker.status = 500;
    await say("U0ADA", "D0ADA", "hi");
    await worker.until(() => worker.received.length === 2);
    while (workspace.control.deliveries().length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const [ms, count] of [
      [60_000, 3],
      [300_000, 4],
    ] as const) {
      workspace.control.advance(ms);
      await worker.until(() => worker.received.length === count);
      while (workspace.control.deliveries().length < count) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(worker.received.map(({ headers }) => headers["x-slack-retry-num"])).toEqual([undefined, "1", "2", "3"]);
    expect(worker.received[1]?.headers["x-slack-retry-reason"]).toBe("http_error");
    expect(workspace.control.undelivered()).toBe(0);
  });

  it("sends a file with the message, edits and deletions as Slack names them", async () => {
    const ts = await say("U0ADA", "D0ADA", "look", {}, new File(["%PDF-"], "a.pdf", { type: "application/pdf" }));
    const post = (path: string, body: Fields) =>
      fetch(workspace.url + path, { method: "POST", body: JSON.stringify(body) });
    await post("/local/messages/edit", { as: "U0ADA", channel: "D0ADA", ts, text: "look here" });
    await post("/local/messages/delete", { as: "U0ADA", channel: "D0ADA", ts });
    await worker.until(() => worker.received.length === 4);
    const bySubtype = Object.fromEntries(worker.events().map((event) => [String(event.subtype), event]));
    expect(bySubtype.file_share).toMatchObject({ files: [{ name: "a.pdf", mimetype: "application/pdf", size: 5 }] });
    expect(bySubtype.message_changed).toMatchObject({
      message: { text: "look here", ts },
      previous_message: { text: "look" },
    });
    expect(bySubtype.message_deleted).toMatchObject({ deleted_ts: ts });
  });
});

describe("presses", () => {
  const button = {
    type: "button" as const,
    action_id: "approve",
    text: { type: "plain_text" as const, text: "Approve" },
    value: "ap_1",
  };

  it("send the button's own value, signed, and an answer by response_url replaces the message", async () => {
    const posted = await send(slack, {
      channel: "C0GENERAL",
      text: "card",
      blocks: [{ type: "actions", elements: [button] }],
    });
    const pressed = await fetch(`${workspace.url}/local/actions`, {
      method: "POST",
      body: JSON.stringify({
        as: "U0GRACE",
        channel: "C0GENERAL",
        message_ts: posted.ts,
        block_id: "",
        action_id: "approve",
        value: "forged",
      }),
    });
    expect(await pressed.json()).toEqual({ ok: true });
    const body = worker.received.find(({ url }) => url === "/slack/actions")?.body ?? "";
    const payload = fieldsOf(JSON.parse(new URLSearchParams(body).get("payload") ?? ""));
    expect(payload).toMatchObject({
      type: "block_actions",
      user: { id: "U0GRACE" },
      actions: [{ action_id: "approve", value: "ap_1" }],
    });
    const answer = () =>
      fetch(String(payload.response_url), {
        method: "POST",
        body: JSON.stringify({ replace_original: true, text: "done" }),
      });
    const statuses = [];
    for (let use = 0; use < 6; use++) statuses.push((await answer()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    const read = await slack.conversations.history({ channel: "C0GENERAL" });
    expect(read.messages?.[0]).toMatchObject({ text: "done", blocks: [] });
  });

  it("tell the person when the Worker refuses or is away", async () => {
    const posted = await send(slack, {
      channel: "D0ADA",
      text: "card",
      blocks: [{ type: "actions", elements: [button] }],
    });
    const press = async () => {
      const response = await fetch(`${workspace.url}/local/actions`, {
        method: "POST",
        body: JSON.stringify({ as: "U0ADA", channel: "D0ADA", message_ts: posted.ts, action_id: "approve" }),
      });
      return [response.status, String(fieldsOf(await response.json()).error)];
    };
    worker.status = 404;
    expect(await press()).toEqual([502, expect.stringContaining("404")]);
    workspace.setWorker({ actionsUrl: null });
    expect(await press()).toEqual([503, expect.stringContaining("not running")]);
  });
});

describe("who may ask", () => {
  it("I1 another host name or another site is refused", async () => {
    const port = new URL(workspace.url).port;
    const { request } = await import("node:http");
    const status = (headers: Record<string, string>, method = "GET") =>
      new Promise<number>((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port, path: "/local/stop", method, headers }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.on("error", reject);
        sent.end();
      });
    expect(await status({ host: "evil.example" })).toBe(403);
    expect(await status({ origin: "https://evil.example" }, "POST")).toBe(403);
    expect(await status({ origin: workspace.url }, "POST")).toBe(400);
  });

  it("a DM is not shown to another person", async () => {
    const response = await fetch(`${workspace.url}/local/channels/D0ADA/messages?as=U0GRACE`);
    expect(response.status).toBe(404);
  });
});
