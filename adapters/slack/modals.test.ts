import { describe, expect, test } from "vitest";
import { blockProblems } from "../../bots/local/workspace/blocks.ts";
import { ApprovalCard } from "../../kernel/events/types.ts";
import { slackLimits } from "./limits.ts";
import {
  askModal,
  changesOf,
  editModal,
  readEdit,
  readQuestion,
  readSettings,
  readSubmission,
  settingsModal,
} from "./modals.ts";
import { askedMessage, readChosen } from "./quote.ts";

const approval = `ap_${"a".repeat(32)}`;
const card = (editable: ApprovalCard["editable"]) =>
  ApprovalCard.parse({
    approval,
    kind: "approval",
    tool: "publish_site",
    title: "Publish <!channel>?",
    body: "",
    risk: "low",
    choices: [],
    editable,
    requester: "slack:T1:U1",
    requesterName: "Ada",
    deciders: ["slack:T1:U1"],
    expiresAt: 0,
  });
const submission = (private_metadata: string, values: Record<string, string | null>) => ({
  type: "view_submission",
  team: { id: "T1" },
  user: { id: "U1", team_id: "T2", username: "ada" },
  view: {
    id: "V1",
    callback_id: "x",
    private_metadata,
    state: {
      values: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { value: { type: "plain_text_input", value } }]),
      ),
    },
  },
});
const sent = (metadata: unknown, values: Record<string, string | null> = {}) => {
  const form = readSubmission(submission(JSON.stringify(metadata), values));
  if (!form) throw new Error("not read");
  return form;
};

describe("F3 the form of an edit", () => {
  const fields = [
    { name: "slug", label: "Slug", value: "tea" },
    { name: "title", label: "Title", value: "" },
    { name: "page", label: "Page", value: "x".repeat(slackLimits.inputChars + 1) },
  ];

  test("has a field for each that fits, filled in, and carries the card's id", () => {
    const view = editModal(card(fields), true);
    expect(blockProblems(view.blocks, "modal")).toEqual([]);
    expect(JSON.stringify(view)).toContain('"initial_value":"tea"');
    expect(JSON.stringify(view)).not.toMatch(/"block_id":"page"|<!channel>/);
    expect(readEdit(sent(JSON.parse(view.private_metadata ?? "")))).toEqual({ approval, home: true });
  });

  test("brings back the fields of the card and nothing else, and of who sent it what Slack says", () => {
    const form = sent({}, { slug: "coffee", title: null, page: "y", other: "z" });
    expect(changesOf(card(fields), form)).toEqual({ slug: "coffee", title: "" });
    expect(form.by).toEqual({ id: "slack:T2:U1", name: "ada" });
  });

  test("that carries something else is none", () => {
    expect(readEdit(sent({ approval: "ap_1", home: false }))).toBeNull();
    expect(readEdit(sent(null))).toBeNull();
    expect(readSubmission(submission("not json", {}))?.metadata).toBeNull();
    expect(readSubmission({ type: "view_submission" })).toBeNull();
  });
});

test("A11 settings: an empty model is the owner's", () => {
  expect(blockProblems(settingsModal({ model: "ollama:qwen3:8b", hosts: ["pypi.org"] }).blocks, "modal")).toEqual([]);
  expect(readSettings(sent({}, { model: "  " }))).toEqual({ model: null, hosts: [] });
  expect(readSettings(sent({}, { model: " ollama:qwen3:8b " }))).toEqual({ model: "ollama:qwen3:8b", hosts: [] });
  expect(readSettings(sent({}, { hosts: " pypi.org\n*.example.com, a.b " })).hosts).toEqual([
    "pypi.org",
    "*.example.com",
    "a.b",
  ]);
});

describe("a question about a message", () => {
  const file = (n: number) => ({
    id: `F${n}`,
    name: `${n} ${"long ".repeat(50)}.pdf`,
    mimetype: "application/pdf",
    size: 9,
  });
  const chosen = (message: object) =>
    readChosen(
      {
        type: "message_action",
        trigger_id: "1.2",
        team: { id: "T2" },
        user: { id: "U1", team_id: "T2", name: "ada" },
        channel: { id: "C1" },
        message: { type: "message", user: "U2", ts: "1721000000.000200", ...message },
      },
      "T1",
    );

  test("carries the message along, small enough for Slack whatever it holds", () => {
    const asked = chosen({ text: '"\\\n'.repeat(3000), files: Array.from({ length: 20 }, (_, n) => file(n)) });
    const view = askModal(asked?.quoted ?? (null as never));
    expect(view.private_metadata?.length).toBeLessThanOrEqual(slackLimits.viewMetadataChars);
    expect(blockProblems(view.blocks, "modal")).toEqual([]);
    expect(view.title.text.length).toBeLessThanOrEqual(slackLimits.viewTitleChars);
  });

  test("is a mention by who asked, in the message's thread, with its words and files; a file is looked up by its id", () => {
    const asked = chosen({ text: "the *numbers*", thread_ts: "1721000000.000100", files: [file(1)] });
    const question = readQuestion(sent(asked?.quoted, { question: " what is the sum? " }));
    expect(question).not.toBeNull();
    if (!asked || !question) return;
    const message = askedMessage({ by: asked.by, ...question, ts: "1721000009.000900" });
    expect(message).toMatchObject({
      id: "slack:T1:C1:1721000009.000900",
      thread: "slack:T1:C1:1721000000.000100",
      author: { id: "slack:T2:U1" },
      addressed: "mention",
      root: false,
      files: [{ id: "F1", source: { id: "F1", url: null, access: "check_file_info" } }],
    });
    expect(message.text).toContain("what is the sum?");
    expect(message.text).toContain("> the **numbers**");
  });

  test("without a question, or about nothing, is none", () => {
    expect(readQuestion(sent(chosen({ text: "x" })?.quoted, { question: " " }))).toBeNull();
    expect(readQuestion(sent({ team: "T1" }, { question: "x" }))).toBeNull();
    expect(chosen({ ts: "yesterday" })).toBeNull();
  });
});
