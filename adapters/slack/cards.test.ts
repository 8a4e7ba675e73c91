import { describe, expect, test } from "vitest";
import { ApprovalCard } from "../../kernel/events/types.ts";
import { cardMessage, diffBlocks, siteBlocks } from "./cards.ts";
import { slackLimits } from "./limits.ts";
import { parseAction } from "./parse.ts";
import type { Card } from "./view.ts";

const approval = `ap_${"a".repeat(32)}`;
const card = (over: Partial<Card> = {}, asked: object = {}): Card => ({
  kind: "card",
  id: `card:${approval}`,
  ts: "1.1",
  intentAt: null,
  lookup: "no",
  card: ApprovalCard.parse({
    approval,
    kind: "approval",
    tool: "publish_site",
    title: "Publish <tea>",
    body: "Put `index.html` on the web.",
    risk: "high",
    choices: [],
    requester: "slack:T1:U1",
    requesterName: "Ada",
    deciders: ["slack:T1:U1"],
    expiresAt: 1721600000000,
    ...asked,
  }),
  state: "pending",
  by: null,
  byName: "",
  at: 1721000000000,
  choice: null,
  reason: null,
  stale: false,
  ...over,
});
const types = (one: Card) => cardMessage(one).blocks?.map((block) => block.type);
const all = (one: Card) => JSON.stringify(cardMessage(one));

interface Pressed {
  elements: { action_id: string; value: string; style?: string; text: { text: string } }[];
}
const pressable = (one: Card): Pressed["elements"] =>
  (cardMessage(one).blocks ?? [])
    .filter((block) => block.type === "actions")
    .flatMap((block) => (block as unknown as Pressed).elements);

test("E2 a card shows what will run, who asked, until when, and carries only its id", () => {
  expect(types(card())).toEqual(["header", "markdown", "context", "actions"]);
  expect(all(card())).toContain("Put `index.html` on the web.");
  expect(all(card())).toContain("Asked by <@U1>, who alone may decide · risk: high · expires <!date^1721600000^");
  expect(pressable(card()).map(({ action_id, value, style }) => ({ action_id, value, style }))).toEqual([
    { action_id: "deckhand:approve", value: approval, style: "primary" },
    { action_id: "deckhand:deny", value: approval, style: "danger" },
  ]);
});

test("F3 a card whose input has text that can be changed has a third button; one without, and a question, has not", () => {
  const editable = [{ name: "slug", label: "Slug", value: "tea" }];
  const ids = (asked: object) => pressable(card({}, asked)).map((button) => button.action_id);
  expect(ids({ editable })).toEqual(["deckhand:approve", "deckhand:deny", "deckhand:edit"]);
  expect(ids({ editable: [] })).not.toContain("deckhand:edit");
  expect(ids({ editable, kind: "question", choices: [{ id: "1", label: "a" }] })).not.toContain("deckhand:edit");
  expect(JSON.stringify(pressable(card({}, { editable })).at(-1))).not.toContain("tea");
});

test.each([
  ["approved", "Approved by <@U1>, <!date^1721000000^"],
  ["denied", "Denied by <@U1>, <!date^1721000000^"],
  ["expired", "Expired <!date^1721000000^"],
] as const)("E2 a card that is %s says who and when and has no buttons", (state, text) => {
  const settled = card({ state, by: "slack:T1:U1", byName: "Ada" });
  expect(types(settled)).toEqual(["header", "markdown", "context"]);
  expect(all(settled)).toContain(text);
});

test("a person of another platform is named, not mentioned; their name and reason are inert", () => {
  const denied = all(card({ state: "denied", by: "discord:1:2", byName: "<!channel>", reason: "<@U9> said no" }));
  expect(denied).toContain("Denied by &lt;!channel&gt;");
  expect(denied).toContain("&lt;@U9&gt; said no");
});

test("a question has a button a choice, within Slack's limits, and what is pressed is read back", () => {
  const choices = Array.from({ length: 30 }, (_, n) => ({ id: `c${n}`, label: `Choice ${n} ${"long ".repeat(30)}` }));
  const buttons = pressable(card({}, { kind: "question", choices }));
  expect(types(card({}, { kind: "question", choices }))).toEqual([
    "header",
    "markdown",
    "context",
    "actions",
    "actions",
  ]);
  expect(new Set(buttons.map((button) => button.action_id)).size).toBe(30);
  for (const button of buttons) expect(button.text.text.length).toBeLessThanOrEqual(slackLimits.buttonTextChars);
  const pressed = parseAction({
    type: "block_actions",
    team: { id: "T1" },
    user: { id: "U1", team_id: "T1" },
    container: { message_ts: "1.1", channel_id: "C1" },
    actions: [{ type: "button", ...buttons[7], action_ts: "2.0" }],
  });
  expect(pressed.input).toMatchObject({ action: "answer", subject: approval, value: "c7" });
  const answered = card({ state: "answered", by: "slack:T1:U1", choice: "c7" }, { kind: "question", choices });
  expect(all(answered)).toContain("<@U1> chose *Choice 7");
});

test("a header keeps to 150 characters and breaks Slack's tokens", () => {
  const header = cardMessage(card({}, { title: `<!channel> ${"x".repeat(400)}` })).blocks?.[0];
  const text = header?.type === "header" ? header.text.text : "";
  expect(text.length).toBeLessThanOrEqual(slackLimits.headerChars);
  expect(text).not.toContain("<!channel>");
});

test("E1 a site's card is its address as a link and a button", () => {
  const { blocks, text } = siteBlocks({
    type: "site.published",
    slug: "tea",
    title: "Tea & <more>",
    url: "https://deck.example/sites/tea/",
    version: 2,
    files: 1,
  });
  expect(JSON.stringify(blocks)).toContain("*Tea &amp; &lt;more&gt;* is published\\n<https://deck.example/sites/tea/>");
  expect(JSON.stringify(blocks)).toContain('"url":"https://deck.example/sites/tea/"');
  expect(JSON.stringify(blocks)).toContain("Version 2 · 1 file");
  expect(text).toContain("is published");
});

describe("C11 the diff card", () => {
  const shown = {
    type: "diff.shown" as const,
    repo: "app",
    branch: "deckhand/1",
    files: [
      { path: "a<!channel>.txt", added: 2, removed: 1 },
      { path: "logo.png", added: null, removed: null },
    ],
    more: 1,
    text: "-one\n+```\n+two\n",
    path: null,
  };

  test("says what changed in which files, inert, with the diff in a fence that it cannot end", () => {
    const { text, blocks } = diffBlocks(shown);
    expect(text).toBe("Changes in app: 3 files · +2 −1");
    expect(JSON.stringify(blocks)).not.toContain("<!channel>");
    expect(blocks[0]).toMatchObject({ text: { text: expect.stringContaining("`logo.png` binary\n… and 1 more") } });
    expect(blocks[2]).toEqual({ type: "markdown", text: "````diff\n-one\n+```\n+two\n````" });
  });

  test("a long one is cut at a line and says where all of it is", () => {
    const { blocks } = diffBlocks({ ...shown, text: "+line\n".repeat(5000), path: "thread/diffs/app.diff" });
    const text = JSON.stringify(blocks[2]);
    expect(text.length).toBeLessThan(12_000);
    expect(text).toContain("all of it is in the file");
  });
});
