import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, it } from "vitest";
import { shownText, WorkspaceClient } from "./control-client.ts";
import { botToken, Listener, send, signingSecret, slackClient } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
let client: WorkspaceClient;
let slack: WebClient;
let worker: Listener;

beforeEach(async () => {
  worker = new Listener();
  await worker.start();
  workspace = await startWorkspace({
    stateFile: ":memory:",
    signingSecret,
    botToken,
    eventsUrl: `${worker.url}/events`,
  });
  workspace.setWorker({ actionsUrl: `${worker.url}/actions`, commandsUrl: `${worker.url}/commands` });
  client = await WorkspaceClient.connect(workspace.url);
  slack = slackClient(workspace.apiUrl);
});
afterEach(async () => {
  await client.close();
  await workspace.close();
  await worker.stop();
});

it("remembers calls with arguments that Slack does not know: what a test ends with is refused for them", async () => {
  await slack.apiCall("chat.postMessage", { channel: "C0GENERAL", text: "well", unfurl_links: false });
  await client.fault({ method: "chat.postMessage", error: "invalid_arguments" });
  await slack.apiCall("chat.postMessage", { channel: "C0GENERAL", text: "ordered" }).catch(() => undefined);
  await slack.apiCall("chat.postMessage", { channel: "C0GENERAL", text: "odd", unfurl_link: false });
  await slack
    .apiCall("conversations.replies", { channel: "C0GENERAL", ts: "1.1", limit: "many" })
    .catch(() => undefined);
  await client.waitForCall("conversations.replies");
  await client.clearCalls();
  expect(client.strange.map((one) => [one.method, one.strange])).toEqual([
    ["chat.postMessage", ["unfurl_link"]],
    ["conversations.replies", []],
  ]);
});

it("waits for the answer's end, whether it comes before or after the wait begins", async () => {
  const ts = await client.say("U0ADA", "D0ADA", "hi");
  const stream = await slack.chat.startStream({ channel: "D0ADA", thread_ts: ts, markdown_text: "one " });
  const answer = client.waitForReply("D0ADA", ts);
  await slack.chat.appendStream({ channel: "D0ADA", ts: stream.ts ?? "", markdown_text: "two" });
  await slack.chat.stopStream({ channel: "D0ADA", ts: stream.ts ?? "" });
  expect(shownText(await answer)).toBe("one two");
  expect(shownText(await client.waitForReply("D0ADA", ts))).toBe("one two");
  expect(await client.thread("D0ADA", ts)).toHaveLength(2);
});

it("says what was seen when it waited in vain", async () => {
  await client.say("U0ADA", "C0GENERAL", "only this");
  await expect(client.waitForMessage((one) => one.text === "other", 30)).rejects.toThrow(/only this/);
});

it("sees whispers, statuses, calls and deliveries", async () => {
  const ts = await client.say("U0ADA", "C0GENERAL", "@Deckhand hi");
  await slack.chat.postEphemeral({ channel: "C0GENERAL", user: "U0GRACE", thread_ts: ts, text: "only you" });
  expect((await client.waitForWhisper("U0GRACE")).ephemeral).toBe(true);
  await slack.agents.sessions.setStatus({ channel_id: "C0GENERAL", thread_ts: ts, status: "processing" });
  await client.waitForStatus("C0GENERAL", ts, (status) => status.session === "processing");
  const call = await client.waitForCall("agents.sessions.setStatus");
  expect(call.args).toMatchObject({ status: "processing" });
  const delivered = await client.waitForDelivery((one) => one.type === "app_mention");
  expect(delivered).toMatchObject({ ok: true, status: 200, attempt: 0, ts });
});

it("stops streams by the Stop button and refuses more of them", async () => {
  const ts = await client.say("U0ADA", "D0ADA", "hi");
  const stream = await slack.chat.startStream({ channel: "D0ADA", thread_ts: ts, markdown_text: "one" });
  await client.stop("U0ADA", "D0ADA", ts);
  await client.waitForDelivery((one) => one.type === "agent_session_stopped");
  await expect(
    slack.chat.appendStream({ channel: "D0ADA", ts: stream.ts ?? "", markdown_text: "two" }),
  ).rejects.toMatchObject({ data: { error: "stopped_by_user" } });
  await slack.chat.stopStream({ channel: "D0ADA", ts: stream.ts ?? "", markdown_text: " (stopped)" });
  const stopped = await client.waitForReply("D0ADA", ts, (one) => shownText(one).includes("stopped"));
  expect(shownText(stopped)).toBe("one (stopped)");
});

it("injects errors, 429, statuses, and connections dropped before and after the call is applied", async () => {
  const post = () => send(slack, { channel: "C0GENERAL", text: "x" });
  await client.fault({ method: "chat.postMessage", error: "msg_blocks_too_long" });
  await expect(post()).rejects.toMatchObject({ data: { error: "msg_blocks_too_long" } });
  await client.fault({ method: "*", retryAfter: 7 });
  await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
  await client.fault({ method: "chat.postMessage", status: 503 });
  await expect(post()).rejects.toMatchObject({ statusCode: 503 });
  await client.fault({ method: "chat.postMessage", drop: "before" });
  await expect(post()).rejects.toThrow();
  expect(await client.channel("C0GENERAL")).toHaveLength(0);
  await client.fault({ method: "chat.postMessage", drop: "after" });
  await expect(post()).rejects.toThrow();
  expect(await client.channel("C0GENERAL")).toHaveLength(1);
  await post();
  expect((await client.calls("chat.postMessage")).filter((call) => call.ok)).toHaveLength(2);
});

it("comes back to what it knew by a reset", async () => {
  await client.say("U0ADA", "C0GENERAL", "gone soon");
  await client.reset();
  expect(await client.channel("C0GENERAL")).toEqual([]);
  expect((await client.deliveries()).undelivered).toBe(0);
});
