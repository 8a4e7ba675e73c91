import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Deckhand } from "../harness/deckhand.ts";
import { chromiumForTests, launch } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

const chromium = chromiumForTests();
const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);

/** A person at the page, from the first mention to the site's link, in one browser window. */
describe.skipIf(chromium === null)("the local workspace in a real browser", () => {
  let deckhand: Deckhand;
  let browser: Browser;
  let visitor: Visitor;

  beforeAll(async () => {
    // Slow enough that what appears only for a moment can be seen.
    deckhand = await Deckhand.start({ env: { REHEARSAL_DELAY_MS: "8" } });
    browser = await launch(chromium ?? "");
    visitor = await Visitor.open(browser, deckhand.url);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      process.stderr.write(deckhand.output.slice(-5_000));
      await visitor.page.screenshot({ path: join(import.meta.dirname, "../../test-results/browser.png") });
    });
  });
  afterAll(async () => {
    await browser?.close();
    await deckhand?.close();
  });

  test("a page with channels, a DM with Deckhand, and people to act as", async () => {
    const { page } = visitor;
    expect(await page.locator('[data-testid^="channel-C0"]').count()).toBeGreaterThan(1);
    await page
      .getByRole("link", { name: /Deckhand/ })
      .first()
      .waitFor();
    await page.getByTestId("act-as").click();
    expect(await page.locator('[data-testid^="act-as-U"]').count()).toBeGreaterThan(1);
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("act-as").getAttribute("data-person")).toBe("U0ADA");
  });

  test("an answer grows in the thread while it is written, and is whole at its end", async () => {
    const { answers, page } = visitor;
    await visitor.mention("write 800 words");
    const streaming = answers.and(page.locator('[data-streaming="true"]'));
    const early = await streaming.first().innerText();
    // Longer, and still being written: it comes piece by piece and not at once.
    const grown = async () => (await streaming.first().innerText()).length;
    await expect.poll(grown).toBeGreaterThan(early.length + 100);
    const late = await streaming.first().innerText();
    await visitor.ready();
    expect((await answers.last().innerText()).length).toBeGreaterThan(late.length);
    expect(await streaming.count()).toBe(0);
  });

  test("a mention: status appears, the answer streams into the thread, each tool call is a task card", async () => {
    const { answers, tasks, thread } = visitor;
    await visitor.mention("compute the first 20 primes");
    await thread.locator('[data-testid="session-badge"][data-session="processing"]').waitFor();
    await thread.getByTestId("stop").waitFor();
    const streaming = answers.and(visitor.page.locator('[data-streaming="true"]'));
    await streaming.first().waitFor();
    await answers.getByText("71").first().waitFor();
    await visitor.ready();
    expect(await answers.first().innerText()).toContain("71");
    expect(await streaming.count()).toBe(0);
    expect(await tasks.count()).toBe(1);
    expect(await tasks.first().getAttribute("data-status")).toBe("complete");
    // The channel itself stays quiet.
    expect(await visitor.page.locator('[data-testid="channel-pane"] [data-user="U0DECK"]').count()).toBe(0);
  });

  test("a PDF dropped into the thread: saved under uploads/, the answer names pages", async () => {
    const { answers, thread } = visitor;
    await visitor.drop(fixture("report.pdf"), thread);
    await thread.getByText("report.pdf").waitFor();
    await visitor.reply("which page mentions wages?");
    const answer = answers.filter({ hasText: "page 2" });
    await answer.waitFor();
    expect(await answer.innerText()).toContain("12,400 euros");
    expect(await answer.getByTestId("task-card").getAttribute("data-status")).toBe("complete");
    await visitor.reply("list files in uploads");
    await answers
      .filter({ hasText: /uploads\/\S*report\.pdf/ })
      .first()
      .waitFor();
    await visitor.ready();
  });

  test("a picture for a model without eyes: told so plainly", async () => {
    await visitor.drop(fixture("pixel.jpg"), visitor.thread);
    await visitor.reply("describe the photo");
    await visitor.answers.filter({ hasText: "no eyes" }).first().waitFor();
    await visitor.ready();
  });

  test("a site: the card shows its files, another person may not, the requester may, the link opens, a change shows", async () => {
    const { page, thread, answers } = visitor;
    const approve = thread.getByTestId("action-deckhand:approve");
    await visitor.mention("make a small site called Bread Club about baking");
    await approve.waitFor();
    const card = answers.filter({ has: page.getByTestId("action-deckhand:approve") });
    const cardTs = (await card.getAttribute("data-ts")) ?? "";
    const sameCard = thread.locator(`[data-testid="message"][data-ts="${cardTs}"]`);
    expect(await card.innerText()).toMatch(/index\.html[\s\S]*style\.css/);

    await visitor.become("U0GRACE");
    await approve.click();
    const told = thread.getByTestId("ephemeral");
    await told.waitFor();
    expect(await told.innerText()).toMatch(/Only visible to you[\s\S]*Only Ada can decide/);
    expect(await approve.count()).toBe(1);

    await visitor.become("U0ADA");
    expect(await thread.getByTestId("ephemeral").count()).toBe(0);
    await approve.click();
    await sameCard.getByText("Approved by").waitFor();
    expect(await sameCard.innerText()).toMatch(/Approved by @Ada, today \d{1,2}:\d{2}/);
    expect(await approve.count()).toBe(0);

    const open = thread.getByTestId("action-deckhand:open");
    await open.waitFor();
    await visitor.ready();
    const link = thread.getByRole("link", { name: /^http:\/\/127\.0\.0\.1:\d+\/sites\/bread-club\/$/ }).first();
    const site = await visitor.tabFrom(() => link.click());
    expect(new URL(site.url()).pathname).toBe("/sites/bread-club/");
    await site.getByRole("heading", { level: 1, name: "Bread Club" }).waitFor();
    const plain = "rgba(0, 0, 0, 0)";
    expect(await visitor.style(site.locator("body"), "background-color")).not.toBe(plain);

    await page.bringToFront();
    await visitor.reply("change the title of the site bread-club to Bread and Butter");
    await approve.waitFor();
    await site.reload();
    await site.getByRole("heading", { level: 1, name: "Bread Club" }).waitFor();
    await approve.click();
    // The answer, not the step that wrote the second version of a file.
    await thread.getByText("(version 2)").first().waitFor();
    await site.reload();
    await site.getByRole("heading", { level: 1, name: "Bread and Butter" }).waitFor();
    await site.close();
    await visitor.ready();
  });

  test("a computation: its logs stand in the task card while it runs", async () => {
    const { tasks, answers } = visitor;
    const program =
      "for (const n of [1, 2, 3]) { console.log('round ' + n); await new Promise((go) => setTimeout(go, 900)); } await FILES.write('home/rounds.txt', 'three'); return FILES.readText('home/rounds.txt');";
    await visitor.mention(`run: ${program}`);
    const working = tasks.and(visitor.page.locator('[data-status="in_progress"]'));
    await working.filter({ hasText: "round 1" }).waitFor();
    expect(await working.innerText()).not.toContain("round 3\n");
    await tasks.and(visitor.page.locator('[data-status="complete"]')).filter({ hasText: "round 3" }).waitFor();
    await answers.filter({ hasText: "It returned" }).filter({ hasText: "three" }).first().waitFor();
    await visitor.ready();
  });

  test("an endless loop ends in seconds and names its limit; fetch is refused; the next answer comes", async () => {
    const { answers } = visitor;
    await visitor.reply("loop forever");
    await answers.filter({ hasText: "limit.cpu" }).first().waitFor();
    await visitor.reply("fetch example.com from code");
    await answers
      .filter({ hasText: /refused|no network/ })
      .first()
      .waitFor();
    await visitor.reply("echo all is well");
    await answers.filter({ hasText: "all is well" }).first().waitFor();
    await visitor.ready();
  });

  test("a reload keeps the place and the person", async () => {
    const { page, thread } = visitor;
    await visitor.become("U0LINUS");
    const { hash } = new URL(page.url());
    expect(hash).toMatch(/^#\/C0GENERAL\/\d+\.\d+$/);
    await page.reload();
    await thread.getByText("all is well").first().waitFor();
    expect(new URL(page.url()).hash).toBe(hash);
    expect(await page.getByTestId("act-as").getAttribute("data-person")).toBe("U0LINUS");
  });

  test("keys: Ctrl+K jumps to another channel, Escape closes the thread", async () => {
    const { page, thread } = visitor;
    await page.keyboard.press("Escape");
    await thread.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await page.getByTestId("switcher").waitFor();
    await page.keyboard.type("random");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/C0RANDOM$/);
    await page.goBack();
  });

  test("dark mode follows the device, and the button overrides it", async () => {
    const { page } = visitor;
    const background = () => expect.poll(() => visitor.style(page.locator("body"), "background-color"));
    const light = "rgb(255, 255, 255)";
    await background().toBe(light);
    await page.emulateMedia({ colorScheme: "dark" });
    await background().not.toBe(light);
    await page.getByTestId("theme").click();
    await background().toBe(light);
    await page.getByTestId("theme").click();
    await background().not.toBe(light);
    await page.getByTestId("theme").click();
    await page.emulateMedia({ colorScheme: "light" });
    await background().toBe(light);
  });

  test("at 390 pixels nothing scrolls sideways: channel, thread, sidebar, Home, what is on, and a site", async () => {
    const { page, thread } = visitor;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${deckhand.url}/#/C0GENERAL`);
    await visitor.composer.waitFor();
    expect(await visitor.sideways()).toBe(0);
    const roots = page.getByTestId("reply-bar");
    // The composer is there before the messages are.
    await roots.nth(3).waitFor();
    const threads = await roots.count();
    expect(threads).toBe(4);
    for (let n = 0; n < threads; n++) {
      await roots.nth(n).click();
      await thread.getByTestId("message").nth(1).waitFor();
      expect(await visitor.sideways(), `thread ${n}`).toBe(0);
      await page.getByRole("button", { name: "Back to #general" }).click();
    }
    await page.getByTestId("open-sidebar").first().click();
    expect(await visitor.sideways()).toBe(0);
    await page.getByTestId("home-tab").click();
    await page.getByTestId("home-pane").waitFor();
    expect(await visitor.sideways()).toBe(0);
    await page.goto(`${deckhand.url}/#/on`);
    await page.getByTestId("features-pane").waitFor();
    expect(await visitor.sideways()).toBe(0);
    const site = await visitor.context.newPage();
    await site.setViewportSize({ width: 390, height: 844 });
    await site.goto(`${deckhand.workerUrl}/sites/bread-club/`);
    expect(await site.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await site.close();
  });

  test("in all of this: no error in the console and no request to any other host", () => {
    expect(visitor.requests).toBeGreaterThan(50);
    expect(visitor.problems).toEqual([]);
  });
});
