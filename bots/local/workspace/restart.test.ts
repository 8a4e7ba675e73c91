import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { shownText, WorkspaceClient } from "./control-client.ts";
import { botToken, Listener, signingSecret, slackClient } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let folder: string;
let worker: Listener;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "workspace-"));
  worker = new Listener();
  await worker.start();
});
afterEach(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true });
});
const start = (eventsUrl: string | null): Promise<Workspace> =>
  startWorkspace({ stateFile: join(folder, "slack.sqlite"), signingSecret, botToken, eventsUrl });

it("shows yesterday's threads, streams, files and statuses after a restart", async () => {
  const first = await start(null);
  const before = await WorkspaceClient.connect(first.url);
  const slack = slackClient(first.apiUrl);
  const ts = await before.say("U0ADA", "D0ADA", "look", {
    files: [{ name: "a.txt", bytes: "hello", type: "text/plain" }],
  });
  await slack.chat.startStream({ channel: "D0ADA", thread_ts: ts, markdown_text: "half" });
  await slack.agents.sessions.setStatus({ channel_id: "D0ADA", thread_ts: ts, status: "processing" });
  await before.close();
  await first.close();

  const second = await start(null);
  await using after = await WorkspaceClient.connect(second.url);
  const [root, reply] = await after.thread("D0ADA", ts);
  expect(root).toMatchObject({ text: "look", replyCount: 1, files: [{ name: "a.txt" }] });
  expect(reply).toMatchObject({ streaming: true, segments: [{ kind: "markdown", text: "half" }] });
  if (root === undefined || reply === undefined) throw new Error("no thread");
  expect(new TextDecoder().decode(await after.download(root, "a.txt"))).toBe("hello");
  expect(shownText(reply)).toBe("half");
  expect((await after.state("U0ADA")).statuses).toMatchObject([{ session: "processing", threadTs: ts }]);
  expect(Number(await after.say("U0ADA", "D0ADA", "later"))).toBeGreaterThan(Number(reply.ts));
  await second.close();
});

it("sends after a restart what nobody has acknowledged", async () => {
  const first = await start(null);
  const client = await WorkspaceClient.connect(first.url);
  const ts = await client.say("U0ADA", "C0GENERAL", "@Deckhand hi");
  expect(first.control.undelivered()).toBe(2);
  await client.close();
  await first.close();

  const second = await start(worker.url);
  await worker.until(() => worker.received.length === 2);
  expect(worker.events().map((event) => event.ts)).toEqual([ts, ts]);
  await second.close();
});

it("sends again, as a retry, what was on its way when the Worker went", async () => {
  const workspace = await start(worker.url);
  await using client = await WorkspaceClient.connect(workspace.url);
  worker.status = 500;
  await client.say("U0ADA", "D0ADA", "hi");
  await client.waitForDelivery((one) => one.attempt === 1);
  worker.status = 200;
  workspace.setWorker({ eventsUrl: `${worker.url}/again` });
  await client.waitForDelivery((one) => one.attempt === 2 && one.ok);
  expect(workspace.control.undelivered()).toBe(0);
  await client.close();
  await workspace.close();
});

describe("while the Worker is known to be away", () => {
  it("nothing is sent and no try is used up; once it is back all that waited comes at once", async () => {
    const workspace = await start(worker.url);
    await using client = await WorkspaceClient.connect(workspace.url);
    workspace.setAway(true);
    await client.say("U0ADA", "D0ADA", "first");
    await client.say("U0ADA", "D0ADA", "second");
    expect(workspace.control.undelivered()).toBe(2);
    expect(worker.received).toEqual([]);
    workspace.setAway(false);
    await worker.until(() => worker.received.length === 2);
    await client.waitForDelivery((one) => one.text === "second" && one.ok);
    // It came for the first time, so it does not come as a retry.
    for (const { headers } of worker.received) expect(headers).not.toHaveProperty("x-slack-retry-num");
    await client.close();
    await workspace.close();
  });

  it("what had failed before comes at once as a retry, and Slack's own schedule goes on from where it was", async () => {
    const workspace = await start(worker.url);
    await using client = await WorkspaceClient.connect(workspace.url);
    worker.status = 500;
    await client.say("U0ADA", "D0ADA", "hi");
    await client.waitForDelivery((one) => one.attempt === 1);
    for (let comebacks = 1; comebacks <= 5; comebacks += 1) {
      workspace.setAway(true);
      workspace.setAway(false);
      await worker.until(() => worker.received.length === 2 + comebacks);
      const retry = worker.received.at(-1)?.headers ?? {};
      expect([retry["x-slack-retry-num"], retry["x-slack-retry-reason"]]).toEqual(["1", "http_error"]);
      await expect.poll(() => client.deliveries().then(({ deliveries }) => deliveries.length)).toBe(2 + comebacks);
    }
    expect(workspace.control.undelivered()).toBe(1);
    // A minute and five minutes after: the second and the third retry, and then no more.
    workspace.control.advance(60_000);
    await client.waitForDelivery((one) => one.attempt === 2);
    workspace.control.advance(300_000);
    await client.waitForDelivery((one) => one.attempt === 3);
    await expect.poll(() => workspace.control.undelivered()).toBe(0);
    await client.close();
    await workspace.close();
  });

  it("what was on its way to the one that went is sent to the one that came", async () => {
    const workspace = await start(worker.url);
    await using client = await WorkspaceClient.connect(workspace.url);
    await client.setup({ patience: 20 });
    const answer = Promise.withResolvers<string>();
    worker.status = 500;
    worker.reply = () => {
      if (worker.received.length === 2) return answer.promise;
      if (worker.received.length === 3) worker.status = 200;
      return "";
    };
    await client.say("U0ADA", "D0ADA", "hi");
    // The retry is on its way, and after it Slack would wait a minute.
    await expect.poll(() => worker.received.length).toBe(2);
    workspace.setAway(true);
    workspace.setAway(false);
    answer.resolve("");
    await client.waitForDelivery((one) => one.ok);
    expect((await client.deliveries()).deliveries.map(({ attempt, ok }) => [attempt, ok])).toEqual([
      [0, false],
      [1, false],
      // No try of Slack's is used up by it.
      [1, true],
    ]);
    await client.close();
    await workspace.close();
  });

  it("a page is told, also one that comes meanwhile, and a press is answered with what to do", async () => {
    const workspace = await start(worker.url);
    await using client = await WorkspaceClient.connect(workspace.url);
    expect((await client.state("U0ADA")).away).toBe(false);
    const told: unknown[] = [];
    const page = new WebSocket(`${workspace.url.replace("http", "ws")}/local/live?as=U0ADA`, { origin: workspace.url });
    page.on("message", (text: Buffer) => {
      const event = JSON.parse(text.toString()) as { type: string };
      if (event.type === "worker") told.push(event);
    });
    await once(page, "open");
    workspace.setAway(true);
    expect((await client.state("U0ADA")).away).toBe(true);
    const asked = client.command("U0ADA", "C0GENERAL", "/deckhand", "help");
    await expect(asked).rejects.toThrow(/503.*started again.*try again in a moment/);
    workspace.setAway(true);
    workspace.setAway(false);
    await expect
      .poll(() => told)
      .toEqual([
        { type: "worker", away: true },
        { type: "worker", away: false },
      ]);
    page.close();
    await client.close();
    await workspace.close();
  });
});
