import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Deckhand } from "../harness/deckhand.ts";
import { chromiumForTests, launch } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

const chromium = chromiumForTests();
const general = "C0GENERAL";

/* What Slack's apps have beyond messages, as a person meets it at the page: A8, A11, A13, F1–F4. One Deckhand for all. */
describe.skipIf(chromium === null)("Slack's surfaces in a real browser", () => {
  let deckhand: Deckhand;
  let browser: Browser;
  let visitor: Visitor;

  beforeAll(async () => {
    deckhand = await Deckhand.start({ env: { REHEARSAL_DELAY_MS: "5" } });
    await deckhand.slack.rates("off");
    browser = await launch(chromium ?? "");
    visitor = await Visitor.open(browser, deckhand.url);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      process.stderr.write(deckhand.output.slice(-5_000));
      await visitor.page.screenshot({ path: join(import.meta.dirname, "../../test-results/slack.png") });
    });
  });
  afterAll(async () => {
    await browser?.close();
    await deckhand?.close();
  });

  test("A8 Stop by the keyboard: the answer ends, the thread says who stopped it, and goes on when asked", async () => {
    const { page, thread, answers } = visitor;
    await visitor.mention("count slowly to 500");
    await thread.getByTestId("stop").waitFor();
    await answers.getByText(/\b3\b/).first().waitFor();
    await thread.getByTestId("stop").focus();
    await page.keyboard.press("Enter");
    await answers.getByText("Stopped by Ada. What was done stays.").waitFor();
    await visitor.ready();
    expect(await thread.getByTestId("stop").count()).toBe(0);
    expect(await answers.locator('[data-streaming="true"]').count()).toBe(0);
    await visitor.reply("echo on we go");
    await answers.getByText("on we go").waitFor();
    await visitor.ready();
  });

  test("A9 a table is held back while it streams and stands as a table before the answer ends", async () => {
    const { page, thread, answers } = visitor;
    const rows = Array.from({ length: 6 }, (_, n) => `| loaf ${n} | ${n * 3} |`).join("\n");
    const after = Array.from({ length: 400 }, (_, n) => `word${n}`).join(" ");
    // Raw pipes are looked for in every state of the answer, however short.
    await page.evaluate(`globalThis.raw = 0; new MutationObserver(() => {
      for (const one of document.querySelectorAll('[data-testid="thread-pane"] [data-user="U0DECK"]'))
        if (/\\|\\s*-{3}|\\| loaf/.test(one.innerText)) globalThis.raw += 1;
    }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    await visitor.composer.fill(`@Deckhand echo Bread:\n\n| bread | eggs |\n|---|--:|\n${rows}\n\n${after}`);
    await page.keyboard.press("Enter");
    const streaming = answers.and(page.locator('[data-streaming="true"]'));
    await streaming.getByRole("cell", { name: "loaf 5" }).waitFor();
    expect(await thread.getByText("word399").count()).toBe(1); // the question only
    await answers.getByText("word399").waitFor();
    await visitor.ready();
    const table = answers.getByRole("region", { name: "Table" });
    expect(await table.getByRole("columnheader").allInnerTexts()).toEqual(["bread", "eggs"]);
    expect(await table.getByRole("row").count()).toBe(7);
    expect(await page.evaluate("globalThis.raw")).toBe(0);
  });

  test("A11 feedback: a thumb stays in when it was pressed, and the trace has it", async () => {
    const { thread } = visitor;
    const down = thread.getByTestId("action-deckhand:feedback-negative").last();
    await down.click();
    await expect.poll(() => down.getAttribute("aria-pressed")).toBe("true");
    const trace = await visitor.tabFrom(() => thread.getByTestId("trace-link").click());
    await expect
      .poll(async () => {
        await trace.reload();
        return trace.locator("body").innerText();
      })
      .toContain("feedback.given");
    await trace.close();
    await visitor.page.bringToFront();
  });

  test("F3 edit before approve: a form with the card's fields, and the card shows what was changed", async () => {
    const { page, thread, answers } = visitor;
    await visitor.mention("make a small site called Plain Club about rye");
    await thread.getByTestId("action-deckhand:edit").click();
    const form = page.getByRole("dialog", { name: "Edit before approving" });
    expect(await form.getByRole("textbox", { name: "Slug" }).inputValue()).toBe("plain-club");
    // The form has the focus, keeps it, and Esc leaves all as it was.
    await page.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    await thread.getByTestId("action-deckhand:edit").click();
    await form.getByRole("textbox", { name: "Title" }).fill("Fancy Club");
    await page.keyboard.press("Enter");
    await form.waitFor({ state: "detached" });
    await answers
      .getByText(/Publish “Fancy Club”/)
      .first()
      .waitFor();
    await thread.locator('[data-testid="session-badge"][data-session="suspended"]').waitFor();
  });

  test("A11 Home: what waits is decided there, the site appears by itself, and threads lead to where they are", async () => {
    const { page, thread } = visitor;
    const home = page.getByTestId("home-pane");
    await page.getByTestId("home-tab").click();
    await home.getByText("Publish “Fancy Club”").waitFor();
    await home.getByRole("button", { name: "Approve" }).click();
    await home.getByText("Nothing waits for you").waitFor();
    await home.getByRole("link", { name: "Fancy Club", exact: true }).waitFor();
    expect((await fetch(`${deckhand.workerUrl}/sites/plain-club/`)).status).toBe(200);
    await home.getByRole("link", { name: /Plain Club about rye/ }).click();
    await thread.getByText("Approved by").waitFor();
    await page.getByTestId("home-tab").click();
    await visitor.become("U0LINUS");
    for (const empty of ["Nothing waits for you.", "No thread yet.", "No site yet.", "No file yet."])
      await home.getByText(empty).waitFor();
    await visitor.become("U0ADA");
    await page.goto(`${deckhand.url}/#/${general}`);
    await thread.waitFor({ state: "detached" });
  });

  test("A11 settings: a wrong model is said beside its field, a right one stands in Home", async () => {
    const { page } = visitor;
    await page.getByTestId("home-tab").click();
    await page.getByTestId("action-deckhand:settings").click();
    const field = page.getByRole("dialog", { name: "Settings" }).getByRole("textbox", { name: "Model" });
    await field.fill("nonsense:x");
    await page.keyboard.press("Enter");
    await page.getByTestId("field-error").getByText("which is no provider").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    const described = (await field.getAttribute("aria-describedby"))?.split(" ") ?? [];
    expect(described).toContain(await page.getByTestId("field-error").getAttribute("id"));
    await field.fill("rehearsal");
    expect(await page.getByTestId("field-error").count()).toBe(0);
    await page.getByTestId("modal-submit").click();
    await page.getByTestId("home-pane").getByText("set by you").waitFor();
    await page.goto(`${deckhand.url}/#/${general}`);
  });

  test("A3 “Ask Deckhand about this” from a message's menu: it is quoted with names, and answered in its thread", async () => {
    const { page, thread, answers } = visitor;
    const ts = await deckhand.slack.say("U0GRACE", general, "The oven of @Linus is hot.");
    const message = page.locator(`[data-testid="channel-pane"] [data-testid="message"][data-ts="${ts}"]`);
    await message.hover();
    await message.getByTestId("message-menu").click();
    await page.getByTestId("shortcut-ask_deckhand").click();
    const form = page.getByRole("dialog", { name: "Ask Deckhand" });
    await form.getByText("The oven of @Linus is hot.").waitFor();
    await form.getByRole("textbox").fill("echo I will ask Linus");
    await page.getByTestId("modal-submit").click();
    await form.waitFor({ state: "detached" });
    await message.getByTestId("reply-bar").click();
    await answers.getByText("I will ask Linus", { exact: true }).waitFor();
    await visitor.ready();
    await page.keyboard.press("Escape");
    await thread.waitFor({ state: "detached" });
  });

  test("A11 /deckhand by the keyboard: suggested while it is typed, answered for this person only", async () => {
    const { page } = visitor;
    await visitor.composer.click();
    await page.keyboard.type("/");
    const list = page.getByRole("listbox", { name: "Commands" });
    await list.getByText("/deckhand", { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await list.getByText("/deckhand doctor").waitFor();
    await page.keyboard.type("doc");
    await page.keyboard.press("Tab");
    expect(await visitor.composer.inputValue()).toBe("/deckhand doctor");
    await page.keyboard.press("Enter");
    const answer = page.getByTestId("ephemeral").filter({ hasText: "How Deckhand is" });
    await answer.getByText("Only visible to you").waitFor();
    await visitor.become("U0GRACE");
    await page.getByTestId("message").first().waitFor();
    expect(await page.getByTestId("ephemeral").count()).toBe(0);
  });

  test("A11 in the DM: no mention is needed, the thread has a title that can be changed, and prompts to go on with", async () => {
    const { page, thread, answers } = visitor;
    await page.getByTestId("channel-D0GRACE").click();
    await page.getByPlaceholder("Message Deckhand").fill("echo first of all");
    await page.keyboard.press("Enter");
    await thread.getByTestId("thread-title").getByText("echo first of all").waitFor();
    await thread.getByTestId("suggested-prompt").filter({ hasText: "Show my files" }).click();
    await answers
      .getByText(/no files|empty/i)
      .first()
      .waitFor();
    await visitor.ready();
    await thread.getByTestId("rename").click();
    await thread.getByTestId("title-field").fill("All about nothing");
    await page.keyboard.press("Enter");
    await thread.getByRole("heading", { name: "All about nothing" }).waitFor();
  });

  test("A13 a person of the other company: only the shared channel, marked as theirs, and answered like anybody", async () => {
    const { page, thread, answers } = visitor;
    await visitor.become("U0CARLA");
    await page.getByTestId("channel-C0SHARED").click();
    await page.getByPlaceholder("Message #shared-acme").waitFor();
    expect(await page.locator('[data-testid^="channel-"][href]').count()).toBe(1);
    await visitor.mention("echo hello from Acme");
    const question = thread.getByTestId("message").first();
    expect(await question.locator(".tag.external").innerText()).toBe("Acme");
    await answers.getByText("hello from Acme", { exact: true }).waitFor();
    await visitor.ready();
    await visitor.become("U0ADA");
  });

  test("at 390 pixels Home, a form, a table and the list of people stay inside", async () => {
    const { page, thread } = visitor;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${deckhand.url}/#/${general}`);
    await page.getByTestId("reply-bar").nth(1).click();
    await thread.getByRole("region", { name: "Table" }).first().waitFor();
    expect(await visitor.sideways()).toBe(0);
    await page.goto(`${deckhand.url}/#/home`);
    await page.getByTestId("action-deckhand:settings").click();
    const form = await page.getByTestId("modal").boundingBox();
    expect(form?.x).toBeGreaterThanOrEqual(0);
    expect((form?.x ?? 0) + (form?.width ?? 999)).toBeLessThanOrEqual(390);
    await page.keyboard.press("Escape");
    await page.getByTestId("modal").waitFor({ state: "detached" });
    expect(await visitor.sideways()).toBe(0);
    await page.getByTestId("open-sidebar").first().click();
    await page.getByTestId("act-as").click();
    await page.getByTestId("act-as-U0CARLA").waitFor();
    expect(await visitor.sideways()).toBe(0);
  });

  test("in all of this: no error in the console, no other host, and no call that Slack would refuse", async () => {
    expect(visitor.problems).toEqual([]);
    // A stream that a person stops is closed before we hear of it: what was on its way to it is refused, and said otherwise.
    const refused = (await deckhand.slack.calls()).filter((call) => !call.ok && call.error !== "stopped_by_user");
    expect(refused.map(({ method }) => method)).toEqual([]);
  });
});
