import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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
