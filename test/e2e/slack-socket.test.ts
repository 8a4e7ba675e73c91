import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import { Deckhand } from "../harness/deckhand.ts";

const root = join(import.meta.dirname, "../..");
const general = "C0GENERAL";
let deckhand: Deckhand;
let signingSecret: string;
const running: Socket[] = [];

beforeAll(async () => {
  deckhand = await Deckhand.start();
  const keys: unknown = JSON.parse(readFileSync(join(deckhand.stateDir, "keys.json"), "utf8"));
  signingSecret = z.object({ signingSecret: z.string() }).parse(keys).signingSecret;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((socket) => socket.end("SIGKILL")));
});
afterAll(() => deckhand.close());

/** `npm run slack:socket`, and what it prints. */
class Socket {
  readonly #child: ChildProcess;
  #output = "";
  #looking: (() => void)[] = [];

  constructor(env: Record<string, string>) {
    this.#child = spawn(process.execPath, [join(root, "bots/slack/socket.ts")], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
        for (const look of this.#looking.splice(0)) look();
      });
    this.#child.once("exit", () => {
      for (const look of this.#looking.splice(0)) look();
    });
    running.push(this);
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until so many lines with `text` were printed. */
  async printed(text: string, times = 1): Promise<void> {
    while (this.#output.split(text).length - 1 < times) {
      if (this.#child.exitCode !== null) throw new Error(`It ended before it printed ${text}:\n${this.#output}`);
      await new Promise<void>((done) => this.#looking.push(done));
    }
  }

  async end(signal: "SIGINT" | "SIGKILL"): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(signal);
      await once(this.#child, "exit");
    }
    return this.#child.exitCode;
  }

  async exited(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    return this.#child.exitCode;
  }
}

const socket = (env: Record<string, string> = {}) =>
  new Socket({
    SLACK_APP_TOKEN: "xapp-local",
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_API_URL: `${deckhand.url}/api/`,
    WORKER_URL: deckhand.workerUrl,
    ...env,
  });
const ask = (text: string) => deckhand.slack.say("U0ADA", general, `@Deckhand ${text}`);
const answered = async (text: string) =>
  deckhand.slack.waitForReply(general, await ask(`echo ${text}`), (one) => shownText(one).includes(text));

describe("Socket Mode", () => {
  test("mentions and presses go through it, and Ctrl-C ends it", async () => {
    const running = socket();
    await running.printed("Connected to Slack");
    await answered("through-the-socket");

    const ts = await ask("ask me which crust: thin, thick or none");
    const card = await deckhand.slack.waitForReply(general, ts, (one) =>
      shownButtons(one).some((button) => button.label === "thick"),
    );
    expect(await deckhand.slack.press("U0ADA", card, "thick")).toEqual({ ok: true });
    await deckhand.slack.waitForMessage((one) => one.ts === card.ts && shownButtons(one).length === 0);
    const { deliveries } = await deckhand.slack.deliveries();
    expect(deliveries.filter((one) => !one.ok)).toEqual([]);

    expect(await running.end("SIGINT")).toBe(0);
    // Without it events come as requests again.
    await answered("as-a-request");
  });

  test("it connects again when Slack asks for it, and nothing is lost meanwhile", async () => {
    const running = socket();
    await running.printed("Connected to Slack");
    await deckhand.slack.disconnectSockets();
    await Promise.all(Array.from({ length: 5 }, (_, n) => answered(`while-reconnecting-${n}`)));
    await running.printed("Connected to Slack", 2);
    await answered("after-reconnecting");
  });

  test("what the Worker has not taken is not acknowledged", async () => {
    const running = socket({ SLACK_SIGNING_SECRET: "another-signing-secret" });
    await running.printed("Connected to Slack");
    await deckhand.slack.clearDeliveries();
    const text = "nobody-takes-this";
    await ask(`echo ${text}`);
    await running.printed("SLACK_SIGNING_SECRET is another one here than there");
    const failed = (attempt: number) =>
      deckhand.slack.waitForDelivery((one) => one.text.includes(text) && one.attempt === attempt && !one.ok);
    await failed(0);
    await running.end("SIGKILL");
    await failed(1);
    // Slack sends it again after a minute, now to who takes it.
    await deckhand.slack.advance(61_000);
    await deckhand.slack.waitForMessage((one) => one.user === "U0DECK" && shownText(one).includes(text));
  });

  test.each([
    ["no token", { SLACK_APP_TOKEN: "" }, /SLACK_APP_TOKEN must be set to an app-level token .*connections:write/],
    ["a token that Slack does not take", { SLACK_APP_TOKEN: "xapp-wrong" }, /Slack does not take SLACK_APP_TOKEN/],
  ])("%s: it ends and says what to do", async (_, env, sentence) => {
    const ended = socket(env);
    expect(await ended.exited()).toBe(1);
    expect(ended.output).toMatch(sentence);
    expect(ended.output).not.toContain("xapp-wrong");
  });
});
