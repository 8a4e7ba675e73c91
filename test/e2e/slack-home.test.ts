import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { Deckhand } from "../harness/deckhand.ts";

/* A11 App Home, F1–F4 decisions and changes outside of the thread, and questions about a message. */

let deckhand: Deckhand;
beforeAll(async () => {
  deckhand = await Deckhand.start();
  // Without the posting clock many tests post in one channel within a second.
  await deckhand.slack.rates("off");
});
afterAll(() => deckhand.close());

const general = "C0GENERAL";
const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
const say = (text: string, options = {}, as = "U0ADA") => deckhand.slack.say(as, general, text, options);
const home = (as: string, ...texts: string[]) =>
  deckhand.slack.waitForHome(as, (blocks) => texts.every((text) => JSON.stringify(blocks).includes(text)));
const openHome = async (as: string, ...texts: string[]) => {
  await deckhand.slack.openHome(as);
  return JSON.stringify(await home(as, ...texts));
};
const card = (ts: string, fits = (_: PageMessage) => true) =>
  deckhand.slack.waitForReply(
    general,
    ts,
    (message) => shownButtons(message).some(({ actionId }) => actionId === "deckhand:approve") && fits(message),
  );
const suspended = (ts: string) => deckhand.slack.waitForStatus(general, ts, (one) => one.session === "suspended");
const over = (ts: string) => deckhand.slack.waitForStatus(general, ts, (one) => one.session === "active");
const settled = (ts: string, text: string) =>
  deckhand.slack.waitForMessage((one) => one.ts === ts && shownButtons(one).length === 0 && has(text)(one));
const site = (slug: string) => fetch(`${deckhand.workerUrl}/sites/${slug}/`);
const waiting = async (name: string, as = "U0ADA") => {
  const ts = await say(`@Deckhand make a small site called ${name} about ${name}`, {}, as);
  const asked = await card(ts);
  await suspended(ts);
  return { ts, asked };
};

describe("A11 Home", () => {
  test("with nothing yet, every part says what to do; the messages tab publishes nothing", async () => {
    const blocks = await openHome("U0LINUS", "Waiting for you");
    for (const text of [
      "Nothing waits for you.",
      "No thread yet. Mention Deckhand",
      "No site yet.",
      "No file yet.",
      "Connected accounts arrive with a later version",
      "Schedules arrive with a later version",
      "0 turns today",
      "the one that Deckhand's owner has set",
    ])
      expect(blocks).toContain(text);
    const before = (await deckhand.slack.calls("views.publish")).length;
    await deckhand.slack.sendEvent({ type: "app_home_opened", user: "U0LINUS", channel: "D0LINUS", tab: "messages" });
    await deckhand.slack.waitForDelivery((one) => one.body.includes('"tab":"messages"') && one.status === 200);
    expect((await deckhand.slack.calls("views.publish")).length).toBe(before);
  });

  test("shows threads with links, files and what waits; approved there it runs, and Home says so by itself", async () => {
    const { ts, asked } = await waiting("Rye Club");
    const blocks = await openHome("U0ADA", "Publish “Rye Club”");
    expect(blocks).toContain(`/archives/${general}/p${ts.replace(".", "")}|make a small site called Rye Club`);
    expect(blocks).toContain("waits for a decision");
    expect(blocks).toContain("`sites/rye-club/index.html`");
    expect(blocks).toContain("will be public to anyone with the link");

    expect(await deckhand.slack.pressInHome("U0ADA", "Approve")).toEqual({ ok: true });
    await home("U0ADA", "Your decision is on its way", "Nothing waits for you.");
    await settled(asked.ts, "Approved by <@U0ADA>");
    await home("U0ADA", "/sites/rye-club/|Rye Club", "Nothing waits for you.", "✅ done");
    expect((await site("rye-club")).status).toBe(200);
    // The press that comes a second time finds nothing that waits.
    expect(await deckhand.slack.pressInHome("U0ADA", "Approve")).toMatchObject({ ok: false });
  });

  test("F2 what waits for one person is in nobody else's Home; F3 denied there, nothing runs", async () => {
    const { asked } = await waiting("Secret Club");
    expect(await openHome("U0GRACE", "Waiting for you")).not.toContain("Secret Club");
    await openHome("U0ADA", "Secret Club");
    await deckhand.slack.pressInHome("U0ADA", "Deny");
    await settled(asked.ts, "Denied by <@U0ADA>");
    await home("U0ADA", "Nothing waits for you.");
    expect((await site("secret-club")).status).toBe(404);
  });

  test("F4 a decision in the thread meanwhile: Home says that it is decided, and nothing runs twice", async () => {
    const { ts, asked } = await waiting("Twice Club");
    await openHome("U0ADA", "Twice Club");
    await deckhand.slack.press("U0ADA", asked, "deckhand:approve");
    await settled(asked.ts, "Approved by");
    await over(ts);
    // Home follows by itself: a press comes too late, or finds the button gone already.
    const late = await deckhand.slack.pressInHome("U0ADA", "Deny");
    await home("U0ADA", late.ok ? "decided or has expired meanwhile" : "Nothing waits for you.");
    expect((await site("twice-club")).status).toBe(200);
    expect(shownText(await settled(asked.ts, "Approved by"))).not.toContain("Denied");
  });

  test("a question's choices are buttons there", async () => {
    const ts = await say("@Deckhand ask me: rye or wheat?");
    await suspended(ts);
    await openHome("U0ADA", "rye", "wheat");
    expect(await deckhand.slack.pressInHome("U0ADA", "rye")).toEqual({ ok: true });
    await deckhand.slack.waitForMessage((one) => one.threadTs === ts && has("chose *rye*")(one));
    await home("U0ADA", "Nothing waits for you.");
  });

  test("settings: a form with the model, a wrong one said beside the field, a right one shown in Home", async () => {
    await openHome("U0GRACE", "Settings");
    expect(await deckhand.slack.pressInHome("U0GRACE", "deckhand:settings")).toEqual({ ok: true });
    await deckhand.slack.waitForModal("U0GRACE", (one) => one.title === "Settings");
    expect(await deckhand.slack.submitView("U0GRACE", { model: "nonsense:x" })).toMatchObject({
      errors: { model: expect.stringContaining("which is no provider") },
    });
    expect(await deckhand.slack.submitView("U0GRACE", { model: "rehearsal" })).toEqual({ ok: true, errors: {} });
    await deckhand.slack.waitForNoModal("U0GRACE");
    await home("U0GRACE", "`rehearsal`, set by you");
    expect(await openHome("U0ADA", "Settings")).toContain("the one that Deckhand's owner has set");
  });
});

describe("F3 edit before approving", () => {
  test("the form has the card's fields; the card shows the change, and that is what runs", async () => {
    const { ts, asked } = await waiting("Plain Club");
    expect(await deckhand.slack.press("U0ADA", asked, "deckhand:edit")).toEqual({ ok: true });
    const form = await deckhand.slack.waitForModal("U0ADA", (one) => one.title === "Edit before approving");
    expect(JSON.stringify(form.blocks)).toContain('"initial_value":"plain-club"');
    expect(await deckhand.slack.submitView("U0ADA", { title: "Fancy Club" })).toEqual({ ok: true, errors: {} });
    const changed = await card(ts, has("Fancy Club"));
    expect(changed.ts).toBe(asked.ts);
    expect((await site("plain-club")).status).toBe(404);
    await deckhand.slack.press("U0ADA", changed, "deckhand:approve");
    await deckhand.slack.waitForReply(general, ts, has("*Fancy Club* is published"));
    await over(ts);
    expect((await site("plain-club")).status).toBe(200);
  });

  test("what the change makes impossible is said at its field, and the card stays as it is", async () => {
    const { ts, asked } = await waiting("Solid Club");
    await deckhand.slack.press("U0ADA", asked, "deckhand:edit");
    await deckhand.slack.waitForModal("U0ADA");
    expect(await deckhand.slack.submitView("U0ADA", { slug: "../elsewhere" })).toEqual({
      ok: true,
      errors: { slug: expect.stringMatching(/slug|name|lower-case/i) },
    });
    // A name that could be, of a site that is not there.
    expect(await deckhand.slack.submitView("U0ADA", { slug: "no-such-folder" })).toMatchObject({
      errors: { slug: expect.stringContaining("no-such-folder") },
    });
    expect(shownText(await card(ts))).toBe(shownText(asked));
    await deckhand.slack.closeView("U0ADA");
    await deckhand.slack.press("U0ADA", asked, "deckhand:deny");
    await over(ts);
  });

  test("F2 only who may decide gets the form; another is told so privately", async () => {
    const { ts, asked } = await waiting("Closed Club");
    await deckhand.slack.press("U0GRACE", asked, "deckhand:edit");
    await deckhand.slack.waitForWhisper("U0GRACE", has("Only Ada can decide this"));
    expect((await deckhand.slack.state("U0GRACE")).modal).toBeNull();
    // A form that is open when somebody decides comes too late.
    await deckhand.slack.press("U0ADA", asked, "deckhand:edit");
    await deckhand.slack.waitForModal("U0ADA");
    await deckhand.slack.press("U0ADA", asked, "deckhand:deny");
    await settled(asked.ts, "Denied by");
    await over(ts);
    const late = await deckhand.slack.submitView("U0ADA", { slug: "other" });
    expect(JSON.stringify(late)).toContain("decided or has expired");
    await deckhand.slack.closeView("U0ADA");
  });

  test("a form that Slack opens no more: the press is answered, and the person is told where they pressed", async () => {
    const { ts, asked } = await waiting("Late Club");
    const expired = () => deckhand.slack.fault({ method: "views.open", error: "expired_trigger_id" });
    await expired();
    expect(await deckhand.slack.press("U0ADA", asked, "deckhand:edit")).toEqual({ ok: true });
    const told = await deckhand.slack.waitForWhisper("U0ADA", has("Please press again"));
    expect(told).toMatchObject({ channel: general, threadTs: ts });
    await openHome("U0ADA", "Late Club");
    for (const button of ["Edit first", "deckhand:settings"]) {
      await expired();
      expect(await deckhand.slack.pressInHome("U0ADA", button)).toEqual({ ok: true });
      await home("U0ADA", "That took too long");
      await openHome("U0ADA", "Late Club");
      await deckhand.slack.waitForHome("U0ADA", (blocks) => !JSON.stringify(blocks).includes("That took too long"));
    }
    await expired();
    expect(await deckhand.slack.shortcut("U0ADA", "ask_deckhand", { channel: general, ts })).toEqual({ ok: true });
    await deckhand.slack.waitForWhisper("U0ADA", (one) => one.ts > told.ts && has("Please press again")(one));
    await expired();
    expect(await deckhand.slack.shortcut("U0ADA", "new_thread")).toEqual({ ok: true });
    await deckhand.slack.waitForMessage((one) => one.channel === "D0ADA" && has("Please press again")(one));
    expect((await deckhand.slack.state("U0ADA")).modal).toBeNull();
    await deckhand.slack.press("U0ADA", asked, "deckhand:deny");
    await over(ts);
  });

  test("from Home: the change shows there too", async () => {
    const { asked } = await waiting("Home Club");
    await openHome("U0ADA", "Home Club");
    expect(await deckhand.slack.pressInHome("U0ADA", "Edit first")).toEqual({ ok: true });
    await deckhand.slack.waitForModal("U0ADA");
    await deckhand.slack.submitView("U0ADA", { title: "Better Home Club" });
    await home("U0ADA", "Publish “Better Home Club”");
    await deckhand.slack.pressInHome("U0ADA", "Deny");
    await settled(asked.ts, "Denied by");
  });
});

test("A11 feedback is kept in the trace with who gave it, under the answer it is about", async () => {
  const ts = await say("@Deckhand echo how was that");
  const answer = await deckhand.slack.waitForReply(general, ts, (one) =>
    JSON.stringify(one).includes("deckhand:feedback"),
  );
  await over(ts);
  const value = /"value":"(down\|[^"]+)"/.exec(JSON.stringify(answer))?.[1] ?? "";
  expect(await deckhand.slack.press("U0GRACE", answer, "deckhand:feedback", value)).toEqual({ ok: true });
  await expect
    .poll(() => deckhand.trace(general, ts), { timeout: 30_000 })
    .toMatch(/feedback\.given[\s\S]*(?:Grace|grace)/);
});

describe("A3 Ask Deckhand about this", () => {
  test("the question is asked for the person in the message's thread, with the message and its files", async () => {
    const ts = await say("Here are the numbers.", { files: [{ name: "numbers.txt", bytes: "1 2 3" }] }, "U0GRACE");
    expect(await deckhand.slack.shortcut("U0ADA", "ask_deckhand", { channel: general, ts })).toEqual({ ok: true });
    const form = await deckhand.slack.waitForModal("U0ADA", (one) => one.title === "Ask Deckhand");
    expect(JSON.stringify(form.blocks)).toContain("Here are the numbers.");
    expect(await deckhand.slack.submitView("U0ADA", { question: "list my files" })).toEqual({ ok: true, errors: {} });
    await deckhand.slack.waitForReply(general, ts, has("list my files"));
    await deckhand.slack.waitForReply(general, ts, has("numbers.txt"));
    await over(ts);
    // It is a thread of theirs now: no mention is needed.
    await say("echo still listening", { threadTs: ts });
    await deckhand.slack.waitForReply(general, ts, has("still listening"));
  });

  test("without a message it is a thread in the person's own DM, which goes on there", async () => {
    expect(await deckhand.slack.shortcut("U0GRACE", "new_thread")).toEqual({ ok: true });
    await deckhand.slack.waitForModal("U0GRACE", (one) => one.title === "Ask Deckhand");
    expect(await deckhand.slack.submitView("U0GRACE", { question: "echo from anywhere" })).toMatchObject({ ok: true });
    const answer = await deckhand.slack.waitForMessage(
      (one) => one.channel === "D0GRACE" && one.threadTs !== null && has("from anywhere")(one),
    );
    await deckhand.slack.say("U0GRACE", "D0GRACE", "echo and on", { threadTs: answer.threadTs ?? "" });
    await deckhand.slack.waitForReply("D0GRACE", answer.threadTs ?? "", has("and on"));
  });

  test("where Deckhand is not, the form says what to do", async () => {
    const ts = await say("Nothing to see here.", {}, "U0GRACE");
    await deckhand.slack.shortcut("U0ADA", "ask_deckhand", { channel: general, ts });
    await deckhand.slack.waitForModal("U0ADA", (one) => one.title === "Ask Deckhand");
    await deckhand.slack.fault({ method: "chat.postMessage", error: "not_in_channel", times: 1 });
    expect(await deckhand.slack.submitView("U0ADA", { question: "echo hello" })).toMatchObject({
      errors: { question: expect.stringContaining("/invite @Deckhand") },
    });
    await deckhand.slack.fault({ method: "chat.postMessage", status: 429, retryAfter: 1, times: 1 });
    expect(await deckhand.slack.submitView("U0ADA", { question: "echo hello" })).toMatchObject({
      errors: { question: expect.stringContaining("in a moment") },
    });
    await deckhand.slack.closeView("U0ADA");
  });
});
