import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { traceOf } from "../../bench/lib/trace.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import { startAnthropic } from "../stand-ins/anthropic.ts";
import type { StandIn } from "../stand-ins/server.ts";
import { freePort } from "../../bots/local/ports.ts";
import { Deckhand } from "./deckhand.ts";
import { Director } from "./director.ts";
import { type Running, startedWith } from "./processes.ts";

export const general = "C0GENERAL";
/** What comes after a crash may wait for an alarm, and for a machine that is busy. */
const patienceMs = 60_000;

/**
 * A Thread looks once more, so long after a turn, whether all was delivered. A thread is cold when that is over and
 * Deckhand has started anew: nothing wakes it then but what the test does.
 */
export const lastAlarmMs = 31_000;

export const has = (text: string) => (message: PageMessage) => shownText(message).includes(text);
export const times = (text: string, part: string): number => text.split(part).length - 1;
const decides = new Set(["deckhand:approve", "deckhand:deny", "deckhand:answer"]);
/** A message that asks a person something. */
export const asks = (message: PageMessage): boolean =>
  shownButtons(message).some(({ actionId }) => [...decides].some((one) => actionId.startsWith(one)));

/** One state folder and one model through several lives of Deckhand, each but the last ended by a kill. */
export class Lives {
  readonly stateDir = mkdtempSync(join(tmpdir(), "deckhand-lives-"));
  readonly director: Director;
  readonly #model: StandIn;
  readonly #env: Record<string, string>;
  #deckhand: Deckhand | null = null;

  private constructor(model: StandIn, director: Director, env: Record<string, string>) {
    this.#model = model;
    this.director = director;
    this.#env = env;
  }

  /** `model`: what answers, the director or the rehearsal. */
  static async begin(model: "director" | "rehearsal", env: Record<string, string> = {}): Promise<Lives> {
    const director = new Director();
    const server = await startAnthropic(director.script);
    const keys: Record<string, string> =
      model === "director" ? { ANTHROPIC_API_KEY: "sk-test", ANTHROPIC_BASE_URL: server.url } : {};
    const ports = { PORT: String(await freePort(0)), WORKER_PORT: String(await freePort(0)) };
    const lives = new Lives(server, director, { ...keys, ...ports });
    await lives.again(env);
    return lives;
  }

  get deckhand(): Deckhand {
    if (!this.#deckhand) throw new Error("Deckhand is not running.");
    return this.#deckhand;
  }

  get slack() {
    return this.deckhand.slack;
  }

  /** The next life, on the same state and ports. */
  async again(env: Record<string, string> = {}): Promise<void> {
    const last = this.#deckhand;
    this.#deckhand = await Deckhand.start({ stateDir: this.stateDir, env: { ...this.#env, ...env } });
    last?.forgetLeftBehind();
  }

  /** SIGKILL of everything, and the next life. */
  async crash(env: Record<string, string> = {}): Promise<void> {
    await this.deckhand.kill();
    await this.again(env);
  }

  /** Ends everything; gives the processes that had to be ended one by one because Deckhand had left them. */
  async close(): Promise<Running[]> {
    try {
      await this.#deckhand?.close();
    } finally {
      await this.#model.close();
    }
    let left = startedWith(this.stateDir);
    // The others of a group are gone a moment after its first.
    for (let looks = 0; looks < 20 && left.length > 0; looks += 1) {
      await sleep(100);
      left = startedWith(this.stateDir);
    }
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    rmSync(this.stateDir, { recursive: true, force: true });
    return left;
  }

  // ---- what people do and see ----

  say(as: string, words: string, threadTs?: string): Promise<string> {
    const text = threadTs === undefined ? `@Deckhand ${words}` : words;
    return this.slack.say(as, general, text, threadTs === undefined ? {} : { threadTs });
  }

  /** The Worker has acknowledged the message. */
  async acknowledged(ts: string): Promise<void> {
    await this.slack.waitForDelivery((one) => one.ts === ts && one.ok);
  }

  /** The card of a thread that has these words and still asks. */
  card(ts: string, words: string): Promise<PageMessage> {
    return this.slack.waitForReply(general, ts, (one) => asks(one) && has(words)(one), patienceMs);
  }

  press(as: string, card: PageMessage, button: "approve" | "deny") {
    return this.slack.press(as, card, `deckhand:${button}`);
  }

  /** The card asks no longer. */
  closed(card: PageMessage): Promise<PageMessage> {
    return this.slack.waitForMessage((one) => one.ts === card.ts && !asks(one), patienceMs);
  }

  /** The address of a site; a card has it without its host. */
  link(slug: string): string {
    return `${this.deckhand.workerUrl}/sites/${slug}/`;
  }

  said(ts: string, words: string): Promise<PageMessage> {
    return this.slack.waitForReply(general, ts, has(words), patienceMs);
  }

  /** Nothing runs in the thread and nothing waits in it. */
  async quiet(ts: string): Promise<void> {
    await this.slack.waitForStatus(general, ts, (status) => status.session === "active", patienceMs);
  }

  /** All of our text in a thread, as a reader sees it. */
  async read(ts: string): Promise<string> {
    const thread = await this.slack.thread(general, ts);
    return thread
      .filter((message) => message.user === "U0DECK")
      .map(shownText)
      .join("\n");
  }

  trace(ts: string): Promise<StampedEvent[]> {
    return traceOf(this.deckhand.workerUrl, general, ts);
  }
}
