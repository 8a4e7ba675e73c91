import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Deckhand } from "../harness/deckhand.ts";
import { jailForTests } from "../jail/jail.ts";
import { chromiumForTests, launch } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

const chromium = chromiumForTests();
const jail = await jailForTests();
/** A box wakes, Python starts, a file comes over: longer than a page takes. */
const waitMs = 90_000;

/* C2–C5 A person at the page who lets Deckhand work in their computer: a plot, a server, a look at its page. */
describe.skipIf(chromium === null || jail === null)("the computer from the page", () => {
  let deckhand: Deckhand;
  let browser: Browser;
  let visitor: Visitor;
  let link = "";

  beforeAll(async () => {
    deckhand = await Deckhand.start({ computer: "jail", env: { REHEARSAL_DELAY_MS: "5" } });
    browser = await launch(chromium ?? "");
    visitor = await Visitor.open(browser, deckhand.url);
    visitor.context.setDefaultTimeout(waitMs);
  }, 120_000);
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      process.stderr.write(deckhand.output.slice(-5_000));
      await visitor.page.screenshot({ path: join(import.meta.dirname, "../../test-results/computer.png") });
    });
  });
  afterAll(async () => {
    await browser?.close();
    await deckhand?.close();
  });

  /** Every text that the step's card shows while it works, however short. */
  const watchCard = () =>
    visitor.page.evaluate(`globalThis.shown = []; new MutationObserver(() => {
      const card = document.querySelector('[data-testid="thread-pane"] [data-testid="task-card"][data-status="in_progress"]');
      const text = card?.innerText ?? "";
      if (text.includes("x =") && globalThis.shown.at(-1) !== text) globalThis.shown.push(text);
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })`);

  test("C5 a plot by Python: its output grows in the card while it runs, and the picture stands in the thread", async () => {
    const { page, tasks, answers, thread } = visitor;
    await watchCard();
    await visitor.mention("plot sin(x) * x by Python, slowly");
    const card = tasks.filter({ hasText: "a plot by Python" });
    await card.and(page.locator('[data-status="in_progress"]')).filter({ hasText: "x = -10.0" }).waitFor();
    await card.and(page.locator('[data-status="complete"]')).filter({ hasText: "written: /r2/home/plots" }).waitFor();
    const shown = await page.evaluate<string[]>("globalThis.shown");
    expect(shown.length).toBeGreaterThan(1);
    const lines = shown.map((text) => text.split(/\n+/).slice(1));
    // What was there stays, and more comes below it.
    for (const [at, now] of lines.entries()) expect(now).toEqual(expect.arrayContaining(lines[at - 1] ?? []));
    expect(lines.at(-1)?.length).toBeGreaterThan(lines[0]?.length ?? 0);
    expect(shown[0]).not.toContain("x = 5");
    // Each line once, also when all has come.
    expect((await card.innerText()).match(/x = -10\.0/g)).toHaveLength(1);
    expect(await card.innerText()).toMatch(/computer main \(jail\): exit 0 · \d/);

    const picture = thread.getByRole("img", { name: /^The graph of sin\(x\) \* x/ });
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((node) => (node as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(640);
    await answers.getByText("drawn by Python").waitFor();
    await visitor.ready();
  }, 180_000);

  test("C4 a server in the computer: asked for on a card, approved, and its page opens from the link", async () => {
    const { page, thread, answers } = visitor;
    await visitor.composer.fill(
      "@Deckhand run `mkdir -p /workspace/www && cd /workspace/www\necho '<h1>Fresh from the box</h1><a href=two.html>on</a>' > index.html\necho '<p>second page</p>' > two.html`",
    );
    await page.keyboard.press("Enter");
    await thread.getByText("Fresh from the box").first().waitFor();
    await answers.getByText("It ended with exit code").waitFor();
    await visitor.ready();
    await visitor.reply("serve /workspace/www on port 8080");
    const approve = thread.getByTestId("action-deckhand:approve");
    await approve.waitFor();
    await answers.getByText("Open port 8080 of the computer main?").first().waitFor();
    expect(await thread.getByRole("link", { name: /^http:\/\/8080-/ }).count()).toBe(0);
    await approve.click();
    const opens = thread.getByRole("link", { name: /^http:\/\/8080-main-[a-z2-7]{36}\.localhost:\d+\/$/ });
    await opens.waitFor();
    await visitor.ready();
    link = (await opens.getAttribute("href")) ?? "";
    expect(new URL(link).port).toBe(new URL(deckhand.workerUrl).port);

    const served = await visitor.tabFrom(() => opens.click());
    expect(new URL(served.url()).host).toBe(new URL(link).host);
    await served.getByRole("heading", { name: "Fresh from the box" }).waitFor();
    await served.getByRole("link", { name: "on" }).click();
    await served.getByText("second page").waitFor();
    await served.close();
    await page.bringToFront();
  }, 180_000);

  test("C4 a link that was taken back opens nothing any more", async () => {
    const { answers } = visitor;
    await visitor.reply("close port 8080");
    await answers.getByText("Port 8080 is closed").waitFor();
    await visitor.ready();
    const tab: Page = await visitor.context.newPage();
    const known = visitor.problems.length;
    const response = await tab.goto(link);
    expect(response?.status()).toBe(404);
    expect(await tab.locator("body").innerText()).toContain("There is nothing here.");
    await tab.close();
    // That the page is not there is what the browser notes too.
    visitor.problems.splice(known);
  }, 120_000);

  test("C10 the trace says where it ran, why, and how long", async () => {
    const { thread, page } = visitor;
    const trace = await visitor.tabFrom(() => thread.getByTestId("trace-link").click());
    const text = await trace.locator("body").innerText();
    expect(text).toMatch(/\d s in a computer/);
    expect(text).toMatch(/\[computer, [\d.]+ s: you asked for it by name\]/);
    await trace.close();
    await page.bringToFront();
  });

  test("at 390 pixels the thread with output, picture and link stays inside", async () => {
    const { page, thread } = visitor;
    await page.setViewportSize({ width: 390, height: 844 });
    await thread.getByRole("link", { name: /^http:\/\/8080-/ }).waitFor();
    expect(await visitor.sideways()).toBe(0);
    await page.goto(`${deckhand.url}/#/C0GENERAL`);
    await page.getByTestId("reply-bar").first().click();
    await thread.getByRole("img", { name: /^The graph of/ }).waitFor();
    expect(await visitor.sideways()).toBe(0);
  });

  test("in all of this: no error in the console and no request to any host but the two", () => {
    const own = (problem: string) => link !== "" && problem.includes(new URL(link).host);
    expect(visitor.problems.filter((problem) => !own(problem))).toEqual([]);
  });
});
