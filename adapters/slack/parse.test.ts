import { describe, expect, test } from "vitest";
import { ChatAction, ChatMessage } from "../../kernel/chat/types.ts";
import { parseAction, parseEvent } from "./parse.ts";

const ap = `ap_${"0".repeat(32)}`;

const envelope = (event: object, over: object = {}) => ({
  type: "event_callback",
  team_id: "T1",
  event_id: "Ev1",
  authorizations: [{ team_id: "T1", enterprise_id: null, user_id: "UBOT", is_bot: true }],
  event,
  ...over,
});
const message = (over: object = {}) => ({
  type: "message",
  channel: "C1",
  channel_type: "channel",
  user: "U1",
  team: "T1",
  text: "hello",
  ts: "1721000000.000200",
  ...over,
});
const read = (event: object, over: object = {}) => {
  const { input, ignored } = parseEvent(envelope(event, over));
  expect(ignored).toBeNull();
  return ChatMessage.parse(input);
};

describe("messages", () => {
  test("A5 app_mention and message of one ts are the very same message", () => {
    const text = "<@UBOT> make me a *site*, please";
    const { channel_type: _, ...mention } = message({ type: "app_mention", text });
    expect(read(message({ text, user_profile: { real_name: "Ada" } }))).toEqual(read(mention));
    expect(read(mention)).toMatchObject({
      id: "slack:T1:C1:1721000000.000200",
      thread: "slack:T1:C1:1721000000.000200",
      channel: "slack:T1:C1",
      author: { id: "slack:T1:U1" },
      text: "make me a **site**, please",
      addressed: "mention",
      root: true,
      at: 1721000000000,
    });
  });

  test("a long run of spaces is read in one go, and goes with the mention behind it", () => {
    const text = `a <@UBOT|deck>: b${" ".repeat(400_000)}<@UBOT>${" ".repeat(400_000)}c`;
    expect(read(message({ text })).text.replace(/ {2,}/, "…")).toBe("a b…");
  });

  test("a shared or forwarded message comes with its words, its author and its files; a link preview does not", () => {
    const shared = {
      is_share: true,
      author_name: "Grace",
      channel_name: "project",
      text: "the *budget*\nis done",
      files: [{ id: "F9", name: "budget.pdf", mimetype: "application/pdf", size: 9 }],
    };
    const preview = { title: "Example", text: "a preview", from_url: "https://example.com" };
    const { text, files } = read(message({ text: "<@UBOT> what is this?", attachments: [shared, preview] }));
    expect(text).toBe("what is this?\n\n> Shared message of Grace in #project:\n> the **budget**\n> is done");
    expect(files.map((file) => file.name)).toEqual(["budget.pdf"]);
    expect(read(message({ text: "", channel: "D1", channel_type: "im", attachments: [shared] })).text).toContain(
      "budget",
    );
  });

  test("a bot's or workflow's message starts nothing unless the bot is allowed", () => {
    const bot = message({ subtype: "bot_message", user: undefined, bot_id: "B7", text: "<@UBOT> nightly report" });
    expect(parseEvent(envelope(bot)).ignored).toBe("bot_message");
    expect(parseEvent(envelope(bot), new Set(["B8"])).ignored).toBe("bot_message");
    expect(parseEvent(envelope(bot), new Set(["B7"])).input).toMatchObject({
      author: { id: "slack:T1:B7" },
      addressed: "mention",
    });
    const own = message({ user: "UBOT", bot_id: "B1" });
    expect(parseEvent(envelope(own), new Set(["B1"])).ignored).toBe("own_message");
  });

  test("a deleted question and the Stop button are actions of the person", () => {
    const gone = {
      type: "message",
      subtype: "message_deleted",
      channel: "C1",
      deleted_ts: "1721000000.000200",
      event_ts: "1721000009.000100",
      previous_message: message({ thread_ts: "1721000000.000100" }),
    };
    expect(parseEvent(envelope(gone)).input).toMatchObject({
      kind: "action",
      action: "deleted",
      subject: "slack:T1:C1:1721000000.000200",
      thread: "slack:T1:C1:1721000000.000100",
      by: { id: "slack:T1:U1" },
    });
    expect(parseEvent(envelope({ ...gone, previous_message: message({ bot_id: "B1" }) })).input).toBeNull();
    const stopped = {
      type: "agent_session_stopped",
      channel: "C1",
      user: "U1",
      thread_ts: "1721000000.000100",
      event_ts: "1721000009.000100",
    };
    expect(parseEvent(envelope(stopped)).input).toMatchObject({
      action: "stop",
      by: { id: "slack:T1:U1" },
      thread: "slack:T1:C1:1721000000.000100",
    });
    expect(parseEvent(envelope({ ...stopped, thread_ts: "x" })).input).toBeNull();
  });

  test("A2 a DM needs no mention, and its root has no thread_ts", () => {
    expect(read(message({ channel: "D1", channel_type: "im" }))).toMatchObject({
      addressed: "dm",
      thread: "slack:T1:D1:1721000000.000200",
      root: true,
    });
  });

  test("A2 a reply in a thread is only in a thread; chatter is addressed to nobody", () => {
    const reply = read(message({ thread_ts: "1721000000.000100" }));
    expect(reply).toMatchObject({ addressed: "thread", thread: "slack:T1:C1:1721000000.000100", root: false });
    expect(read(message()).addressed).toBe("none");
    expect(read(message({ subtype: "thread_broadcast", thread_ts: "1721000000.000100" })).addressed).toBe("thread");
  });

  test("D5 dropped files become references, at most twenty, stubs of shared channels included", () => {
    const file = {
      id: "F1",
      name: "a.pdf",
      mimetype: "application/pdf",
      size: 12,
      url_private_download: "https://files.slack.com/a",
    };
    const files = [file, { id: "F2", file_access: "check_file_info" }, { id: "F3", mode: "tombstone" }, "nonsense"];
    expect(read(message({ subtype: "file_share", text: "", files })).files).toEqual([
      {
        id: "F1",
        name: "a.pdf",
        mediaType: "application/pdf",
        sizeBytes: 12,
        source: { id: "F1", url: "https://files.slack.com/a", access: "visible" },
      },
      {
        id: "F2",
        name: "F2",
        mediaType: "application/octet-stream",
        sizeBytes: 0,
        source: { id: "F2", url: null, access: "check_file_info" },
      },
    ]);
    expect(read(message({ files: Array.from({ length: 30 }, () => file) })).files).toHaveLength(20);
  });

  test("a person of a shared channel keeps their own team; the channel is of the team that installed us", () => {
    const shared = { team_id: "T9", authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true }] };
    expect(read(message({ user_team: "T2", source_team: "T3" }), shared)).toMatchObject({
      author: { id: "slack:T2:U1" },
      channel: "slack:T1:C1",
    });
    expect(read(message({ source_team: "T3" }), shared).author.id).toBe("slack:T3:U1");
    expect(read(message({ team: undefined }), shared).author.id).toBe("slack:T9:U1");
  });

  test.each([
    ["&lt;b&gt; &amp; <@U2> in <#C2|random>", "<b> & <@U2> in #random"],
    ["<https://a.example|the page> and <https://b.example>", "[the page](https://a.example) and https://b.example"],
    ["`*not bold*` ~gone~ _it_ 2*3*4", "`*not bold*` ~~gone~~ _it_ 2*3*4"],
    ["<!here> <@UBOT>, look", "@here look"],
    ["```a &lt; b <https://c.example>```", "```a < b https://c.example```"],
  ])("mrkdwn as Markdown: %j", (text, expected) => {
    expect(read(message({ text })).text).toBe(expected);
  });

  test.each([
    [{ bot_id: "B1" }, "bot_message"],
    [{ subtype: "bot_message" }, "bot_message"],
    [{ user: "UBOT" }, "own_message"],
    [{ subtype: "message_changed", message: {} }, "edited"],
    [{ edited: { user: "U1", ts: "1" } }, "edited"],
    [{ subtype: "message_deleted", deleted_ts: "1" }, "deleted"],
    [{ subtype: "channel_join" }, "subtype"],
    [{ user: undefined }, "no_author"],
    [{ text: "" }, "empty"],
    [{ channel: undefined }, "malformed"],
    [{ type: "reaction_added" }, "unknown_event"],
  ])("A2 starts nothing: %j", (over, ignored) => {
    expect(parseEvent(envelope(message(over)))).toEqual({ input: null, ignored });
  });

  test("what is no envelope is malformed", () => {
    for (const body of [null, [], "x", { type: "event_callback" }]) expect(parseEvent(body).ignored).toBe("malformed");
  });
});

describe("presses", () => {
  const press = (action: object, over: object = {}) => ({
    type: "block_actions",
    team: { id: "T1" },
    user: { id: "U1", username: "ada", team_id: "T1" },
    container: { type: "message", message_ts: "1721000001.000100", thread_ts: "1721000000.000200", channel_id: "C1" },
    channel: { id: "C1" },
    message: { ts: "1721000001.000100", team: "T1" },
    actions: [{ type: "button", action_ts: "1721000002.5", ...action }],
    ...over,
  });

  test("E2 approve, deny and a choice are read; the value is only a look-up", () => {
    const approve = ChatAction.parse(parseAction(press({ action_id: "deckhand:approve", value: ap })).input);
    expect(approve).toMatchObject({
      action: "approve",
      subject: ap,
      value: "",
      thread: "slack:T1:C1:1721000000.000200",
      by: { id: "slack:T1:U1", name: "ada" },
      at: 1721000002500,
    });
    expect(parseAction(press({ action_id: "deckhand:deny", value: ap })).input?.action).toBe("deny");
    expect(parseAction(press({ action_id: "deckhand:answer:2", value: `${ap}|a|b` })).input).toMatchObject({
      action: "answer",
      subject: ap,
      value: "a|b",
    });
  });

  test("a press from another team of a shared channel comes as that team's person, in our thread", () => {
    const foreign = press(
      { action_id: "deckhand:approve", value: ap },
      { team: { id: "T2" }, user: { id: "U7", team_id: "T2" } },
    );
    expect(parseAction(foreign).input).toMatchObject({
      thread: "slack:T1:C1:1721000000.000200",
      by: { id: "slack:T2:U7" },
    });
  });

  test("A4 thumbs are read with the turn they are about", () => {
    expect(parseAction(press({ action_id: "deckhand:feedback", value: "down|turn-1" })).input).toMatchObject({
      action: "feedback",
      subject: "turn-1",
      value: "down",
    });
    expect(parseAction(press({ action_id: "deckhand:feedback", value: "sideways|turn-1" })).ignored).toBe(
      "unknown_action",
    );
  });

  test("two presses are two, one delivered twice is one", () => {
    const id = (action_ts: string) =>
      parseAction(press({ action_id: "deckhand:approve", value: ap, action_ts })).input?.id;
    expect(id("1.1")).toBe(id("1.1"));
    expect(id("1.1")).not.toBe(id("1.2"));
  });

  test.each([
    [{ action_id: "other", value: ap }, "unknown_action"],
    [{ action_id: "deckhand:approve", value: "ap_1" }, "unknown_action"],
    [{ action_id: "deckhand:approve", value: `${ap}|x` }, "unknown_action"],
    [{ action_id: "deckhand:open" }, "unknown_action"],
  ])("what is not ours or was tampered with is nothing: %j", (action, ignored) => {
    expect(parseAction(press(action)).ignored).toBe(ignored);
  });
});
