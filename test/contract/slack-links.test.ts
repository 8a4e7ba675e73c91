import { describe, expect, test } from "vitest";
import type { SlackApi } from "../../adapters/slack/client.ts";
import { slackIds } from "../../adapters/slack/ids.ts";
import { slackPort } from "../../adapters/slack/index.ts";
import { answerLinks, detailsOf, parseLinks, siteEntity, slugOf, unfurlOf } from "../../adapters/slack/links.ts";
import type { ThreadEvent } from "../../kernel/events/types.ts";
import { done, finished, presenter, stamp, started } from "./chat-port.contract.ts";
import type { Harness } from "./chat-port.contract.ts";
import { fakeSlack } from "./fake-slack.ts";

const publicUrl = "https://deck.example";
const site = { slug: "tea", title: "Tea <!here> shop", version: 3, files: 2, publishedAt: 1721000100000 };
const published: ThreadEvent = {
  type: "site.published",
  slug: "tea",
  title: "Tea shop",
  url: `${publicUrl}/sites/tea/`,
  version: 3,
  files: 2,
};
const envelope = (event: object) => ({ type: "event_callback", team_id: "T1", event });
const shared = (...urls: string[]) =>
  envelope({
    type: "link_shared",
    channel: "C1",
    message_ts: "1721000000.000100",
    unfurl_id: "Uf1",
    source: "conversations_history",
    links: urls.map((url) => ({ domain: "deck.example", url })),
  });

function recorder() {
  const calls: { method: string; args: Record<string, unknown> }[] = [];
  const api: SlackApi = {
    call: async (method, args, answer) => {
      calls.push({ method, args });
      return answer.parse({ ok: true });
    },
  };
  return { calls, api };
}

describe("E4 a site's link is a Work Object", () => {
  test("the message that says it is published carries title, state, address and version", async () => {
    const slack = fakeSlack(() => 1721000100000);
    const port = slackPort({ token: slack.token, apiUrl: slack.apiUrl, fetch: slack.fetch });
    const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root });
    const { show } = presenter({ port, thread, now: () => 1721000100000 } as Harness);
    const say = stamp(slackIds.user("T2", "U1"));
    await show(say(started()), say(done("Publishing.")), say(published));
    await show(say(done("It is out.", "p2")), say(finished));
    const [message] = slack.messages.filter((one) => JSON.stringify(one.metadata ?? "").includes("entities"));
    expect(message?.metadata).toMatchObject({
      event_type: "deckhand",
      entities: [
        {
          entity_type: "slack#/entities/item",
          url: "https://deck.example/sites/tea/",
          external_ref: { id: "tea", type: "site" },
          entity_payload: { attributes: { title: { text: "Tea shop" }, display_type: "Site" } },
        },
      ],
    });
    expect(JSON.stringify(message?.metadata)).toMatch(/"version".*3/);
    expect(JSON.stringify(message?.metadata)).toContain("Public");
    const shown = slack.shown();
    expect(shown.map((text) => text.split("\n")[0])).toEqual(["Publishing.", "*Tea shop* is published", "It is out."]);
    expect(slack.refusals).toEqual([]);
  });

  test("where Slack takes no Work Object the link is said all the same", async () => {
    const slack = fakeSlack(() => 1721000100000);
    const port = slackPort({ token: slack.token, apiUrl: slack.apiUrl, fetch: slack.fetch });
    const thread = slackIds.thread({ team: "T1", channel: "C1", threadTs: slack.root });
    const { show } = presenter({ port, thread, now: () => 1721000100000 } as Harness);
    slack.fail("chat.postMessage", { error: "invalid_metadata_format" });
    await show(stamp(slackIds.user("T2", "U1"))(published));
    expect(slack.shown()).toEqual(["Tea shop is published: https://deck.example/sites/tea/"]);
  });

  test("a title pings nobody and is one line", () => {
    const entity = siteEntity({ ...site, title: "<!channel>\nhi" }, "https://deck.example/sites/tea/");
    expect(entity.entity_payload.attributes.title.text).not.toMatch(/<!|\n/);
    expect(siteEntity({ ...site, title: "" }, "x").entity_payload.attributes.title.text).toBe("tea");
  });
});

test.each([
  ["https://deck.example/sites/tea/", "tea"],
  ["https://deck.example/sites/tea", "tea"],
  ["https://deck.example/sites/tea/a/b.html?x=1#y", "tea"],
  ["https://deck.example/sites/", null],
  ["https://deck.example/threads/tea", null],
  ["https://evil.example/sites/tea/", null],
  ["http://deck.example/sites/tea/", null],
  ["https://deck.example.evil.example/sites/tea/", null],
  ["https://deck.example@evil.example/sites/tea/", null],
  ["https://user@deck.example/sites/tea/", null],
  ["https://deck.example:444/sites/tea/", null],
  ["https://deck.example/sites/../x", null],
  ["javascript:alert(1)", null],
  ["nonsense", null],
])("only our own links are ours: %s", (link, slug) => {
  expect(slugOf(link, publicUrl)).toBe(slug);
});

describe("E4 links of ours that somebody posts", () => {
  test("each is unfurled as it was posted, once, and no other link with it", async () => {
    const url = "https://deck.example/sites/tea/?from=chat";
    const input = parseLinks(shared(url, url, "https://other.example/sites/tea/"), publicUrl);
    expect(input).toEqual({
      kind: "links",
      where: { unfurl_id: "Uf1", source: "conversations_history" },
      links: [{ url, slug: "tea" }],
    });
    const { calls, api } = recorder();
    if (input) await answerLinks({ api, publicUrl, find: async () => site }, input);
    expect(calls).toEqual([
      {
        method: "chat.unfurl",
        args: {
          unfurl_id: "Uf1",
          source: "conversations_history",
          unfurls: {},
          metadata: { entities: [unfurlOf(url, site, publicUrl)] },
        },
      },
    ]);
    expect(unfurlOf(url, site, publicUrl)).toMatchObject({
      url: "https://deck.example/sites/tea/",
      app_unfurl_url: url,
    });
  });

  test("without an unfurl id the message is named; a link of nobody's site calls nothing", async () => {
    const body = shared("https://deck.example/sites/none/");
    const { unfurl_id: _, ...event } = body.event as Record<string, unknown>;
    const input = parseLinks({ ...body, event }, publicUrl);
    expect(input).toMatchObject({ where: { channel: "C1", ts: "1721000000.000100" } });
    const { calls, api } = recorder();
    if (input) await answerLinks({ api, publicUrl, find: async () => null }, input);
    expect(calls).toEqual([]);
    expect(unfurlOf("https://deck.example/sites/none/", null, publicUrl)).toBeNull();
  });

  test("the side panel gets the site as it is now, or a sentence", async () => {
    const input = parseLinks(
      envelope({
        type: "entity_details_requested",
        user: "U1",
        external_ref: { id: "tea", type: "site" },
        entity_url: "https://deck.example/sites/tea/",
        trigger_id: "1.2.3",
      }),
      publicUrl,
    );
    expect(input).toEqual({ kind: "details", trigger: "1.2.3", slug: "tea" });
    const { calls, api } = recorder();
    if (input) await answerLinks({ api, publicUrl, find: async () => site }, input);
    expect(calls[0]).toMatchObject({
      method: "entity.presentDetails",
      args: { trigger_id: "1.2.3", metadata: { external_ref: { id: "tea" } } },
    });
    expect(detailsOf(null, "1.2.3", publicUrl)).toMatchObject({ error: { status: "not_found" } });
  });

  test.each([
    [
      "another app's object",
      envelope({ type: "entity_details_requested", trigger_id: "1", external_ref: { id: "x", type: "task" } }),
    ],
    [
      "a name that can be none",
      envelope({ type: "entity_details_requested", trigger_id: "1", external_ref: { id: "../x", type: "site" } }),
    ],
    ["another event", envelope({ type: "app_mention" })],
    ["nothing at all", null],
    ["only links of others", shared("https://other.example/")],
  ])("%s is nothing of ours", (_, body) => {
    expect(parseLinks(body, publicUrl)).toBeNull();
  });
});
