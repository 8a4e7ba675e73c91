import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { findChromium, launch } from "../test/browser/chromium.ts";
import { Visitor } from "../test/browser/visitor.ts";
import { probeJail } from "../kernel/sandbox/computer/host/probe.ts";
import { Deckhand, type DeckhandOptions } from "../test/harness/deckhand.ts";

/*
 * `npm run pictures`: starts Deckhand on a state folder of its own, plays a story in a real browser, and writes the
 * pictures of the documents.
 */
const folder = join(import.meta.dirname, "pictures");
const maxBytes = 200 * 1024;

async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  // The pointer lights up what it rests on, and a caret blinks.
  await page.mouse.move(0, 0);
  await page.evaluate("document.activeElement?.blur()");
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  const { size } = statSync(path);
  if (size > maxBytes) throw new Error(`${name}.png has ${size} bytes; at most ${maxBytes} are kept.`);
  process.stdout.write(`docs/pictures/${name}.png  ${Math.ceil(size / 1024)} KB\n`);
}

async function story(deckhand: Deckhand, visitor: Visitor): Promise<void> {
  const { page, thread, answers } = visitor;
  const approve = thread.getByTestId("action-deckhand:approve");
  const say = (as: string, text: string, threadTs?: string) =>
    deckhand.slack.say(as, "C0GENERAL", text, threadTs === undefined ? {} : { threadTs });

  await say("U0GRACE", "Morning! The baking club meets on Saturday at ten, in the yard.");
  await say(
    "U0LINUS",
    "I bring the oven. What did we pay in wages last year? And could we have a page to send around?",
  );
  await say("U0ADA", "I ask Deckhand here, so that you see it.");
  await visitor.drop(join(import.meta.dirname, "../test/fixtures/report.pdf"), page.getByTestId("channel-pane"));
  await visitor.mention("which page mentions wages?");
  await answers.filter({ hasText: "page 2" }).waitFor();
  await visitor.reply("make a small site called Bread Club about baking together");
  await approve.waitFor();
  await answers.filter({ hasText: "nothing is until it is approved" }).last().waitFor();
  await take(page, "thread");

  await thread.getByTestId("action-deckhand:edit").click();
  await page.getByTestId("modal").waitFor();
  await take(page, "form");
  await page.getByTestId("modal-close").click();

  // A card that waits, files, threads: Home is full now.
  await page.getByTestId("home-tab").click();
  await page.getByTestId("home-pane").getByText("sites/bread-club/index.html").waitFor();
  await take(page, "home");
  await page.goBack();

  await approve.click();
  await thread.getByTestId("action-deckhand:open").waitFor();
  await visitor.ready();
  await visitor.reply("show a table");
  // The table stands, and the answer goes on.
  await thread.locator('[data-streaming="true"]').getByRole("cell", { name: "everybody" }).waitFor();
  await take(page, "streaming");
  await visitor.ready();
  const site = await visitor.context.newPage();
  await site.goto(`${deckhand.workerUrl}/sites/bread-club/`);
  await take(site, "site");
  await site.close();

  const trace = await visitor.tabFrom(() => thread.getByTestId("trace-link").click());
  await take(trace, "trace");
  await trace.close();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await thread.getByTestId("action-deckhand:open").scrollIntoViewIfNeeded();
  await take(page, "mobile-dark");
}

/** A thread that works in a computer, and a terminal in the same one. */
async function computerStory(deckhand: Deckhand, visitor: Visitor): Promise<void> {
  const { page, thread, answers } = visitor;
  await deckhand.slack.say(
    "U0GRACE",
    "C0GENERAL",
    "How far does the oven door swing after a push? Is there a curve for it?",
  );
  await deckhand.slack.say("U0LINUS", "C0GENERAL", "It dies down, so something like sin(x) / x. Let Deckhand draw it.");
  await visitor.mention("list my computers");
  await answers.getByText("You have none yet").waitFor();
  await visitor.ready();
  await visitor.reply("plot sin(x) / x by Python");
  await answers.getByText("drawn by Python").waitFor();
  await visitor.ready();
  await take(page, "computer");

  await visitor.reply("serve /workspace on port 8080");
  await thread.getByTestId("action-deckhand:approve").click();
  await answers.getByText("Port 8080 is open").waitFor();
  await visitor.ready();
  await page.getByTestId("terminal-tab").click();
  const shell = page.frameLocator('[data-testid="terminal-frame"]');
  await shell.locator('body[data-state="connected"]').waitFor();
  const rows = shell.locator(".xterm-rows");
  await rows.getByText("/workspace$").waitFor();
  await page.keyboard.type("uname -sm; ls -lh /r2/home/plots; curl -sI 127.0.0.1:8080 | head -2");
  await page.keyboard.press("Enter");
  await rows.getByText("SimpleHTTP").waitFor();
  await take(page, "terminal");
}

const chromium = findChromium();
if (chromium === null) throw new Error("No Chromium was found. Install one, or set CHROMIUM_PATH.");
mkdirSync(folder, { recursive: true });
const browser = await launch(chromium);

async function pictured(options: DeckhandOptions, tell: (deckhand: Deckhand, visitor: Visitor) => Promise<void>) {
  const deckhand = await Deckhand.start(options);
  try {
    const visitor = await Visitor.open(browser, deckhand.url);
    await tell(deckhand, visitor);
    if (visitor.problems.length > 0) throw new Error(visitor.problems.join("\n"));
  } finally {
    await deckhand.close();
  }
}

try {
  // Slow enough that an answer can be pictured while it is written.
  await pictured({ env: { REHEARSAL_DELAY_MS: "70" } }, story);
  const jail = await probeJail();
  if (jail.ok) await pictured({ computer: "jail" }, computerStory);
  else process.stdout.write(`The pictures of the computer stay as they are: ${jail.reason}\n`);
} finally {
  await browser.close();
}
