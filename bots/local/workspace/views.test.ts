import type { WebClient } from "@slack/web-api";
import type { ModalView } from "@slack/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shownText, WorkspaceClient } from "./control-client.ts";
import { fieldsOf, listOf, textOf, type Fields } from "./json.ts";
import { botToken, Listener, signingSecret, slackClient } from "./test-kit.ts";
import { startWorkspace, type Workspace } from "./workspace.ts";

let worker: Listener;
let workspace: Workspace;
let client: WorkspaceClient;
let slack: WebClient;

beforeEach(async () => {
  worker = new Listener();
  await worker.start();
  workspace = await startWorkspace({ stateFile: ":memory:", signingSecret, botToken });
  workspace.setWorker({
    eventsUrl: `${worker.url}/events`,
    actionsUrl: `${worker.url}/actions`,
    commandsUrl: `${worker.url}/commands`,
  });
  client = await WorkspaceClient.connect(workspace.url);
  slack = slackClient(workspace.apiUrl);
});
afterEach(async () => {
  await client.close();
  await workspace.close();
  await worker.stop();
});

const plain = (text: string) => ({ type: "plain_text" as const, text });
const modal = (title: string, more: Partial<ModalView> = {}): ModalView => ({
  type: "modal",
  title: plain(title),
  submit: plain("Save"),
  callback_id: "settings",
  private_metadata: "kept",
  blocks: [
    {
      type: "input",
      block_id: "name",
      label: plain("Name"),
      element: { type: "plain_text_input", action_id: "value" },
    },
  ],
  ...more,
});
/** Opens a modal by a global shortcut. */
async function open(view: ModalView, as = "U0ADA") {
  await client.shortcut(as, "new_thread");
  const trigger_id = textOf(worker.payloads("shortcut").at(-1)?.trigger_id);
  return slack.views.open({ trigger_id, view });
}
const answerViews = (answer: unknown) => {
  worker.reply = (url) => (url === "/actions" ? JSON.stringify(answer) : "");
};

describe("H2 a modal", () => {
  it("is submitted with its state, signed, and closes when the app takes it", async () => {
    await open(modal("Settings"));
    expect(await client.waitForModal("U0ADA")).toMatchObject({ title: "Settings", submit: "Save", depth: 0 });
    expect(await client.submitView("U0ADA", { value: "Ada" })).toEqual({ ok: true, errors: {} });
    expect(worker.payloads("view_submission")).toMatchObject([
      {
        user: { id: "U0ADA", team_id: "T0LOCAL" },
        view: {
          callback_id: "settings",
          private_metadata: "kept",
          state: { values: { name: { value: { type: "plain_text_input", value: "Ada" } } } },
        },
      },
    ]);
    await client.waitForNoModal("U0ADA");
    expect((await client.state("U0ADA")).modal).toBeNull();
  });

  it("stays open with an error beside the field, ours for an empty one and the app's for a wrong one", async () => {
    await open(modal("Settings"));
    expect(await client.submitView("U0ADA")).toEqual({ ok: true, errors: { name: "Please fill in this field." } });
    expect(worker.payloads("view_submission")).toEqual([]);
    answerViews({ response_action: "errors", errors: { name: "That name is taken." } });
    expect(await client.submitView("U0ADA", { value: "root" })).toEqual({
      ok: true,
      errors: { name: "That name is taken." },
    });
    answerViews({ response_action: "errors", errors: { other: "x" } });
    expect(await client.submitView("U0ADA", { value: "root" })).toMatchObject({ ok: false });
    expect((await client.waitForModal("U0ADA")).title).toBe("Settings");
  });

  it("is updated, pushed upon three deep, and cleared by what the app answers", async () => {
    await open(modal("One"));
    answerViews({ response_action: "update", view: modal("One, again") });
    await client.submitView("U0ADA", { value: "x" });
    await client.waitForModal("U0ADA", (one) => one.title === "One, again" && one.depth === 0);
    for (const [depth, title] of [
      [1, "Two"],
      [2, "Three"],
    ] as const) {
      answerViews({ response_action: "push", view: modal(title) });
      await client.submitView("U0ADA", { value: "x" });
      expect(await client.waitForModal("U0ADA", (one) => one.depth === depth)).toMatchObject({ title });
    }
    expect(await client.submitView("U0ADA", { value: "x" })).toMatchObject({
      ok: false,
      error: expect.stringContaining("push_limit_reached"),
    });
    answerViews({ response_action: "clear" });
    await client.submitView("U0ADA", { value: "x" });
    await client.waitForNoModal("U0ADA");
  });

  it("tells the app that it was closed when it asked for that, and shows the one below", async () => {
    await open(modal("One", { notify_on_close: true }));
    answerViews({ response_action: "push", view: modal("Two", { notify_on_close: true }) });
    await client.submitView("U0ADA", { value: "x" });
    await client.waitForModal("U0ADA", (one) => one.title === "Two");
    await client.closeView("U0ADA");
    expect(worker.payloads("view_closed")).toMatchObject([{ is_cleared: false, view: { title: { text: "Two" } } }]);
    expect(await client.waitForModal("U0ADA", (one) => one.depth === 0)).toMatchObject({ title: "One" });
    await client.closeView("U0ADA", true);
    expect(worker.payloads("view_closed").at(-1)).toMatchObject({ is_cleared: true, view: { title: { text: "One" } } });
  });

  it("tells a press inside with what stands in the fields, and is pushed upon and updated by the API", async () => {
    const button = { type: "button" as const, action_id: "more", text: plain("More"), value: "v" };
    const blocks = [...modal("x").blocks, { type: "actions" as const, block_id: "row", elements: [button] }];
    const opened = await open(modal("Settings", { blocks, external_id: "settings-of-ada" }));
    expect(await client.pressInView("U0ADA", "More", undefined, { value: "half" })).toEqual({ ok: true });
    const [press] = worker.payloads("block_actions");
    expect(press).toMatchObject({
      container: { type: "view", view_id: opened.view?.id },
      actions: [{ action_id: "more", value: "v" }],
      view: { state: { values: { name: { value: { value: "half" } } } } },
    });
    expect(press).not.toHaveProperty("message");
    await slack.views.push({ trigger_id: textOf(press?.trigger_id), view: modal("Deeper") });
    expect((await client.waitForModal("U0ADA", (one) => one.depth === 1)).title).toBe("Deeper");
    expect(await client.pressInView("U0ADA", "More")).toMatchObject({ ok: false });
    await slack.views.update({ external_id: "settings-of-ada", view: modal("Changed below") });
    await client.closeView("U0ADA");
    expect((await client.waitForModal("U0ADA", (one) => one.depth === 0)).title).toBe("Changed below");
    await expect(
      slack.views.update({ view_id: opened.view?.id ?? "", hash: "old", view: modal("x") }),
    ).rejects.toMatchObject({ data: { error: "hash_conflict" } });
  });

  it("is refused without a title, with too long a one, without a submit for its inputs, or in a third one's place", async () => {
    const refused = async (view: Fields) => {
      await client.shortcut("U0ADA", "new_thread");
      const trigger_id = textOf(worker.payloads("shortcut").at(-1)?.trigger_id);
      const thrown: unknown = await slack.apiCall("views.open", { trigger_id, view }).catch((error: unknown) => error);
      return listOf(fieldsOf(fieldsOf(fieldsOf(thrown).data).response_metadata).messages).join(" ");
    };
    const { title: _title, ...untitled } = modal("x");
    expect(await refused(untitled)).toContain("/view/title");
    expect(await refused({ ...modal("x"), title: plain("x".repeat(25)) })).toContain("/view/title/text");
    const { submit: _submit, ...unsubmitted } = modal("x");
    expect(await refused(unsubmitted)).toContain("/view/submit");
    expect(await refused({ ...modal("x"), private_metadata: "x".repeat(3_001) })).toContain("/view/private_metadata");
  });
});

describe("H1 Home", () => {
  it("is shown as published, and its buttons work", async () => {
    const button = { type: "button" as const, action_id: "approve", text: plain("Approve"), value: "ap_1" };
    await slack.views.publish({
      user_id: "U0ADA",
      view: { type: "home", blocks: [{ type: "actions", elements: [button] }] },
    });
    await client.waitForHome("U0ADA");
    expect(await client.pressInHome("U0ADA", "Approve")).toEqual({ ok: true });
    expect(worker.payloads("block_actions")).toMatchObject([
      { container: { type: "view" }, view: { type: "home" }, actions: [{ action_id: "approve", value: "ap_1" }] },
    ]);
    expect(await client.pressInHome("U0GRACE", "Approve")).toMatchObject({ ok: false });
  });
});

describe("H3 a command", () => {
  it("may answer into the channel with blocks, and later by its response URL", async () => {
    worker.reply = () => JSON.stringify({ response_type: "in_channel", text: "For all.", blocks: [] });
    await client.command("U0ADA", "C0GENERAL", "/deckhand", "threads");
    await client.waitForMessage((one) => one.text === "For all.");
    const form = new URLSearchParams(worker.received.find(({ url }) => url === "/commands")?.body);
    expect(form.get("channel_name")).toBe("general");
    await fetch(form.get("response_url") ?? "", { method: "POST", body: JSON.stringify({ text: "Later." }) });
    expect(shownText(await client.waitForWhisper("U0ADA"))).toBe("Later.");
  });

  it("that nobody registered is refused, and its trigger opens a modal", async () => {
    await expect(client.command("U0ADA", "C0GENERAL", "/nothing")).rejects.toThrow("/nothing is not a valid command.");
    worker.reply = async (_url, body) => {
      const trigger_id = new URLSearchParams(body).get("trigger_id") ?? "";
      await slack.views.open({ trigger_id, view: modal("Model") });
      return "";
    };
    await client.command("U0ADA", "C0GENERAL", "/deckhand", "model");
    expect((await client.waitForModal("U0ADA")).title).toBe("Model");
  });
});

describe("H4 a shortcut", () => {
  it("of a message brings the message, a trigger and a place to answer", async () => {
    const ts = await client.say("U0GRACE", "C0GENERAL", "What does this mean?");
    expect(await client.shortcut("U0ADA", "ask_deckhand", { channel: "C0GENERAL", ts })).toEqual({ ok: true });
    const [payload] = worker.payloads("message_action");
    expect(payload).toMatchObject({
      callback_id: "ask_deckhand",
      user: { id: "U0ADA" },
      channel: { id: "C0GENERAL", name: "general" },
      message_ts: ts,
      message: { ts, user: "U0GRACE", text: "What does this mean?" },
    });
    await fetch(textOf(payload?.response_url), { method: "POST", body: JSON.stringify({ text: "I will look." }) });
    expect(shownText(await client.waitForWhisper("U0ADA"))).toBe("I will look.");
  });

  it("that is not registered, or of a message that is gone, is refused", async () => {
    expect(await client.shortcut("U0ADA", "ask_deckhand")).toMatchObject({ ok: false });
    const gone = { channel: "C0GENERAL", ts: "1721000000.000100" };
    expect(await client.shortcut("U0ADA", "ask_deckhand", gone)).toMatchObject({ error: "That message is gone." });
  });
});
