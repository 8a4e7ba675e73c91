import type { EntityMetadata } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorkspaceClient } from "./control-client.ts";
import { fieldsOf, textOf, type Fields } from "./json.ts";
import { domainOf, linksIn } from "./links.ts";
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
  workspace.setWorker({ eventsUrl: `${worker.url}/events`, actionsUrl: `${worker.url}/actions` });
  client = await WorkspaceClient.connect(workspace.url);
  slack = slackClient(workspace.apiUrl);
  await client.setup({ unfurlDomains: ["sites.example"] });
});
afterEach(async () => {
  await client.close();
  await workspace.close();
  await worker.stop();
});

const url = "https://sites.example/sites/tea?x=1&y=2";
const entity = (id = "tea", more: Partial<EntityMetadata> = {}): EntityMetadata => ({
  entity_type: "slack#/entities/item",
  url: "https://sites.example/sites/tea",
  external_ref: { id, type: "site" },
  entity_payload: { attributes: { title: { text: "Tea shop" } } },
  ...more,
});
async function event(type: string): Promise<Fields> {
  const found = await client.waitForDelivery((one) => one.type === type);
  return fieldsOf(fieldsOf(JSON.parse(found.body)).event);
}

it("links are read as Slack stores them, and only registered domains count", () => {
  expect(linksIn("a <https://x.example/?a=1&amp;b=2> <https://y.example|label> <@U1> https://plain")).toEqual([
    "https://x.example/?a=1&b=2",
    "https://y.example",
  ]);
  const domains = ["sites.example", "127.0.0.1:8787"];
  expect(domainOf("https://a.sites.example/x", domains)).toBe("sites.example");
  expect(domainOf("http://127.0.0.1:8787/sites/x", domains)).toBe("127.0.0.1:8787");
  for (const other of ["https://notsites.example", "http://127.0.0.1:9999/", "nonsense"]) {
    expect(domainOf(other, domains)).toBeNull();
  }
});

describe("L1 a link to the app's own domain", () => {
  it("is told, and shown as the app unfurls it, with buttons that work", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", `look ${url} and https://other.example`);
    const shared = await event("link_shared");
    expect(shared).toMatchObject({
      channel: "C0GENERAL",
      user: "U0ADA",
      message_ts: ts,
      is_bot_user_member: true,
      links: [{ domain: "sites.example", url }],
    });
    const button = { type: "button" as const, action_id: "open", text: { type: "plain_text" as const, text: "Open" } };
    await slack.chat.unfurl({
      unfurl_id: textOf(shared.unfurl_id),
      source: "conversations_history",
      unfurls: { [url]: { blocks: [{ type: "actions", elements: [button] }] } },
    });
    const shown = await client.waitForMessage((one) => (one.unfurls?.length ?? 0) > 0);
    expect(await client.press("U0ADA", shown, "open")).toEqual({ ok: true });
    expect(worker.payloads("block_actions")).toMatchObject([
      { container: { type: "message_attachment", is_app_unfurl: true, app_unfurl_url: url, message_ts: ts } },
    ]);
    const read = await slack.conversations.history({ channel: "C0GENERAL" });
    expect(read.messages?.[0]?.attachments?.[0]).toMatchObject({ from_url: url, is_app_unfurl: true });
  });

  it("is refused for a link that the message has not, and never told of the app's own words", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", "nothing here");
    const unfurls = { [url]: { title: "x" } };
    await expect(slack.chat.unfurl({ channel: "C0GENERAL", ts, unfurls })).rejects.toMatchObject({
      data: { error: "cannot_unfurl_url" },
    });
    await send(slack, { channel: "C0GENERAL", text: `<${url}>` });
    await client.say("U0ADA", "C0GENERAL", "last");
    await client.waitForDelivery((one) => one.text === "last");
    expect((await client.deliveries()).deliveries.map((one) => one.type)).not.toContain("link_shared");
  });
});

describe("L2 a Work Object", () => {
  it("is shown with the app's message, opened, and its details are shown to who opened it", async () => {
    await send(slack, { channel: "C0GENERAL", text: "Published.", metadata: { entities: [entity()] } });
    const shown = await client.waitForMessage((one) => (one.entities?.length ?? 0) > 0);
    const trigger = await client.openEntity("U0ADA", shown, entity().url);
    expect(await event("entity_details_requested")).toMatchObject({
      user: "U0ADA",
      external_ref: { id: "tea", type: "site" },
      entity_url: entity().url,
      link: { domain: "sites.example" },
      trigger_id: trigger,
      message_ts: shown.ts,
    });
    await expect(
      slack.entity.presentDetails({ trigger_id: trigger, metadata: entity("coffee") }),
    ).rejects.toMatchObject({ data: { error: "entity_metadata_does_not_match_trigger" } });
    const again = await client.openEntity("U0ADA", shown, entity().url);
    await slack.entity.presentDetails({ trigger_id: again, metadata: entity() });
    expect(await client.waitForDetails(again)).toMatchObject({ error: null, entity: { external_ref: { id: "tea" } } });
  });

  it("comes with an unfurl of exactly the link that was posted, or is refused", async () => {
    const ts = await client.say("U0ADA", "C0GENERAL", url);
    const unfurl = (one: EntityMetadata) =>
      slack.chat.unfurl({ channel: "C0GENERAL", ts, unfurls: {}, metadata: { entities: [one] } });
    await expect(unfurl(entity())).rejects.toMatchObject({ data: { error: "cannot_unfurl_url" } });
    await unfurl(entity("tea", { app_unfurl_url: url }));
    await client.waitForMessage((one) => one.ts === ts && one.entities?.length === 1);
    const broken = { entities: [{ entity_type: "x" }] };
    await expect(
      slack.apiCall("chat.postMessage", { channel: "C0GENERAL", text: "x", metadata: broken }),
    ).rejects.toMatchObject({ data: { error: "invalid_metadata_format" } });
  });
});
