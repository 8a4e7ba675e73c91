import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

/** How long a person would wait before they thought that nothing happens. */
const patienceMs = 20_000;

/** One browser window on the local workspace, used as a person does: by keyboard, mouse and what can be seen. */
export class Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors in the console, failed loads, and requests to any other host; in all tabs of the window. */
  readonly problems: string[] = [];
  readonly #requests: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async open(browser: Browser, url: string, size = { width: 1280, height: 800 }): Promise<Visitor> {
    const context = await browser.newContext({ viewport: size, colorScheme: "light", reducedMotion: "reduce" });
    context.setDefaultTimeout(patienceMs);
    const visitor = new Visitor(context, await context.newPage());
    const note = (problem: string): void => void visitor.problems.push(problem);
    context.on("request", (request) => {
      visitor.#requests.push(request.url());
      const { protocol, hostname } = new URL(request.url());
      if (hostname !== "127.0.0.1" && !["blob:", "data:"].includes(protocol)) note(`request to ${request.url()}`);
    });
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        note(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => note(`thrown: ${error.error().message}`));
    await visitor.page.goto(url);
    await visitor.composer.waitFor();
    return visitor;
  }

  /** How many requests there were; that there are some shows that the watch is on. */
  get requests(): number {
    return this.#requests.length;
  }

  get composer(): Locator {
    return this.page.getByTestId("composer");
  }
  get thread(): Locator {
    return this.page.getByTestId("thread-pane");
  }
  get threadComposer(): Locator {
    return this.page.getByTestId("thread-composer");
  }
  /** Deckhand's messages in the open thread. */
  get answers(): Locator {
    return this.thread.locator('[data-testid="message"][data-user="U0DECK"]');
  }
  get tasks(): Locator {
    return this.thread.getByTestId("task-card");
  }

  /** Writes `@Deckhand …` in the channel with the list of names, sends it with Enter, and is in its thread then. */
  async mention(words: string): Promise<void> {
    await this.composer.click();
    await this.page.keyboard.type("@Deck");
    await this.page.getByRole("listbox", { name: "People" }).getByText("Deckhand", { exact: true }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.keyboard.type(words);
    await this.page.keyboard.press("Enter");
    await this.thread.getByTestId("message").first().getByText(words).waitFor();
  }

  /** Writes in the open thread. */
  async reply(words: string): Promise<void> {
    await this.threadComposer.click();
    await this.page.keyboard.type(words);
    await this.page.keyboard.press("Enter");
  }

  async become(person: string): Promise<void> {
    await this.page.getByTestId("act-as").click();
    await this.page.getByTestId(`act-as-${person}`).click();
    await this.page.locator(`[data-testid="act-as"][data-person="${person}"]`).waitFor();
  }

  /** Drags a file from outside over the element and lets it go. */
  async drop(file: string, on: Locator): Promise<void> {
    const box = await on.boundingBox();
    if (box === null) throw new Error("There is nothing to drop on.");
    const devtools = await this.context.newCDPSession(this.page);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const data = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await devtools.send("Input.dispatchDragEvent", { type, ...at, data });
    await devtools.detach();
  }

  /** Deckhand has ended its turn in the open thread. */
  ready = (): Promise<void> => this.thread.locator('[data-testid="session-badge"][data-session="active"]').waitFor();

  /** The tab that opens when something is clicked. */
  async tabFrom(click: () => Promise<void>): Promise<Page> {
    const [tab] = await Promise.all([this.context.waitForEvent("page"), click()]);
    await tab.waitForLoadState();
    return tab;
  }

  /** Pixels by which the page can be scrolled sideways. */
  sideways = (): Promise<number> =>
    this.page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

  /** The computed value of a CSS property, as `background-color`. */
  style = (element: Locator, property: string): Promise<string> =>
    element.evaluate((node, name) => {
      // Only the browser knows its DOM; the types here are the Worker's.
      const view = globalThis as unknown as {
        getComputedStyle: (this: void, of: unknown) => { getPropertyValue(name: string): string };
      };
      return view.getComputedStyle(node).getPropertyValue(name);
    }, property);
}
