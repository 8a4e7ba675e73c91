import { join } from "node:path";
import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pageHandler } from "../../bots/local/page/serve.ts";
import { startWorkspace, type Workspace } from "../../bots/local/workspace/workspace.ts";
import { TerminalWorker } from "../stand-ins/terminal.ts";
import { chromiumForTests, launch } from "./chromium.ts";
import { Visitor } from "./visitor.ts";

const chromium = chromiumForTests();

/* C12 A shell in one's own computer, from the page: the real page and workspace, a Worker that says each line again. */
describe.skipIf(chromium === null)("the terminal of the page", () => {
  let workspace: Workspace;
  let worker: TerminalWorker;
  let browser: Browser;
  let visitor: Visitor;
  let shell: FrameLocator;

  beforeAll(async () => {
    const signingSecret = "secret-of-tests";
    const page = await pageHandler();
    worker = await TerminalWorker.start(signingSecret);
    workspace = await startWorkspace({ stateFile: ":memory:", signingSecret, botToken: "xoxb-t", staticHandler: page });
    workspace.setWorker({ terminalUrl: worker.url });
    browser = await launch(chromium ?? "");
    visitor = await Visitor.open(browser, workspace.url);
    shell = visitor.page.frameLocator('[data-testid="terminal-frame"]');
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      await visitor.page.screenshot({ path: join(import.meta.dirname, "../../test-results/terminal.png") });
    });
  });
  afterAll(async () => {
    await browser?.close();
    await workspace?.close();
    await worker?.close();
  });

  const rows = () => shell.locator(".xterm-rows");
  const connected = () => shell.locator('body[data-state="connected"]').waitFor();

  test("C12 Ctrl+` opens it with the focus inside, what is typed runs, and Ctrl+` leads back to where one was", async () => {
    const { page, composer } = visitor;
    await composer.click();
    expect(worker.orders).toEqual([]);
    await page.keyboard.press("Control+Backquote");
    await connected();
    await rows().getByText("main$").first().waitFor();
    await page.keyboard.type("echo hello");
    await page.keyboard.press("Enter");
    await rows().getByText("you said echo hello").waitFor();
    expect(worker.orders[0]).toMatchObject({ user: "slack:T0LOCAL:U0ADA", box: "main" });
    expect(worker.orders[0]?.cols).toBeGreaterThan(60);
    // Tab and Esc are the shell's.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Backquote");
    await page.getByTestId("terminal-panel").waitFor({ state: "detached" });
    expect(await composer.evaluate((node) => node.matches(":focus"))).toBe(true);
  });

  test("C12 another computer by its name; a name that is none cannot be opened", async () => {
    const { page } = visitor;
    await page.getByTestId("terminal-tab").click();
    await connected();
    const name = page.getByRole("textbox", { name: "Computer" });
    await name.fill("Not a name");
    expect(await page.getByRole("button", { name: "Open", exact: true }).isDisabled()).toBe(true);
    await name.fill("build");
    await page.keyboard.press("Enter");
    await rows().getByText("build$").first().waitFor();
    await connected();
  });

  test("C12 when the shell ends or the box goes it is said, and one key connects again", async () => {
    const { page } = visitor;
    const again = shell.getByRole("button", { name: "Connect again" });
    await shell.locator(".xterm-screen").click();
    await page.keyboard.type("exit");
    await page.keyboard.press("Enter");
    await shell.getByText("The shell has ended with code 0.").waitFor();
    await again.press("Enter");
    await connected();
    worker.drop();
    await shell.getByText("The connection has ended.").waitFor();
    worker.refuse = "Your computer cannot be opened just now.";
    await again.click();
    await shell.getByText(worker.refuse).waitFor();
    worker.refuse = null;
    await again.click();
    await connected();
  });

  test("C12 a size that changes reaches the shell; at 390 pixels nothing scrolls sideways", async () => {
    const { page } = visitor;
    const before = worker.sizes.length;
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => worker.sizes.slice(before).map((size) => JSON.parse(size).cols < 60)).toContain(true);
    expect(await visitor.sideways()).toBe(0);
    await page.getByRole("button", { name: "Close the terminal" }).click();
    await page.getByTestId("terminal-panel").waitFor({ state: "detached" });
    expect(visitor.problems).toEqual([]);
  });

  test("where there is no computer there is no terminal", async () => {
    const { page } = visitor;
    workspace.setWorker({ terminalUrl: null });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.reload();
    await visitor.composer.waitFor();
    expect(await page.getByTestId("terminal-tab").count()).toBe(0);
    await page.keyboard.press("Control+Backquote");
    expect(await page.getByTestId("terminal-panel").count()).toBe(0);
  });
});
