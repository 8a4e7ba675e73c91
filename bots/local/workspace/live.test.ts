import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { WorkspaceClient } from "./control-client.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;
let client: WorkspaceClient;
beforeEach(async () => {
  workspace = await startWorkspace({ stateFile: ":memory:", botToken: "xoxb-1", signingSecret: "s", eventsUrl: null });
  client = await WorkspaceClient.connect(workspace.url);
});
afterEach(async () => {
  await client.close();
  await workspace.close();
});

const open = (as: string, origin = workspace.url) =>
  new WebSocket(`${workspace.url.replace("http", "ws")}/local/live?as=${as}`, { origin });

test("changes come to a person's page, and another's DM to nobody else", async () => {
  const page = open("U0GRACE");
  let seen = "";
  page.on("message", (text: Buffer) => (seen += text.toString()));
  await once(page, "open");
  await client.say("U0ADA", "D0ADA", "a secret");
  await client.say("U0ADA", "C0GENERAL", "for all");
  await expect.poll(() => seen, { timeout: 5_000 }).toContain("for all");
  expect(seen).not.toContain("a secret");
  page.close();
});

test.each([
  ["another site", "U0ADA", "http://evil.example", 403],
  ["a page of a box", "U0ADA", "http://8080-main-x.localhost:4748", 403],
  ["somebody who is not there", "U0NOBODY", undefined, 400],
  ["the bot", "U0DECK", undefined, 400],
])("%s hears nothing", async (_, as, origin, status) => {
  const page = open(as, origin);
  const [, response] = (await once(page, "unexpected-response")) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(status);
});

test("a page that was open before the Worker was there comes again, and finds what it serves", async () => {
  const page = open("U0ADA");
  await once(page, "open");
  const gone = once(page, "close");
  expect(await client.state("U0ADA")).toMatchObject({ traceUrl: null, terminal: false });
  const at = "http://127.0.0.1:1";
  const urls = { eventsUrl: null, actionsUrl: null, commandsUrl: null };
  workspace.setWorker({ ...urls, traceUrl: `${at}/{thread}/trace`, terminalUrl: `${at}/local/terminal` });
  await gone;
  expect(await client.state("U0ADA")).toMatchObject({ traceUrl: `${at}/{thread}/trace`, terminal: true });
});

test("a page that is open does not keep the workspace from ending", async () => {
  const page = open("U0ADA");
  await once(page, "open");
  const gone = once(page, "close");
  await workspace.close();
  await gone;
  workspace = await startWorkspace({ stateFile: ":memory:", botToken: "xoxb-1", signingSecret: "s", eventsUrl: null });
});
