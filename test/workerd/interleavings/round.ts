import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { vi } from "vitest";
import type { ChatInput, ChatMessage } from "../../../kernel/chat/types.ts";
import type { StampedEvent, ThreadEvent } from "../../../kernel/events/types.ts";
import type { ThreadId } from "../../../kernel/ids.ts";
import { crash, crashKernel, doorsOf, evict, threadOf, traceOf } from "../crash.ts";
import { shownIn } from "../plain.ts";
import { person, rootOf } from "../turns.ts";
import type { Plan, Step } from "./plan.ts";
import { listed, slugOf, type Town, versionOf, wordOf, write } from "./town.ts";

export interface MadeCard {
  turn: string;
  approval: string;
  path: string;
  slug: string;
  /** Of its site, before the round. */
  version: number;
}

/** What was done in a round and what came of it: what is judged. */
export interface Played {
  plan: Plan;
  town: Town;
  cards: MadeCard[];
  asked: ChatMessage[];
  said: ChatMessage[];
  /** Some of the talker's words may have been taken back. */
  stopped: boolean;
  /** Askers whose Kernel was taken away. */
  kernels: Set<number>;
  trace: StampedEvent[];
  /** Of all that runs or ran for this round: whose it is. */
  rows: { calls: { turn: string; principal: string; output: string }[]; steered: Set<string>; turns: Set<string> };
  files: string[];
  /** By card: how often its site was published. */
  versions: number[];
}

const soon = { timeout: 45_000, interval: 20 };
const rarely = { timeout: 45_000, interval: 40 };
const ends = new Set<ThreadEvent["type"]>(["turn.finished", "turn.failed", "turn.suspended"]);
const day = 24 * 60 * 60 * 1000;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** One round in a thread: cards are asked for, then all that the plan says happens. */
export class Round {
  readonly #town: Town;
  readonly #plan: Plan;
  readonly #name: string;
  #thread: ThreadId | null;
  #said: ChatMessage[] = [];
  #stopped = false;
  #kernels = new Set<number>();
  #cards: MadeCard[] = [];
  readonly #asked: ChatMessage[] = [];

  constructor(town: Town, plan: Plan, name: string, thread: ThreadId | null) {
    this.#town = town;
    this.#plan = plan;
    this.#name = name;
    this.#thread = thread;
  }

  get thread(): ThreadId {
    if (!this.#thread) throw new Error("nothing was asked yet");
    return this.#thread;
  }

  async play(): Promise<Played> {
    const { askers, cards } = this.#plan;
    const last = this.#thread ? ((await traceOf(this.#thread)).at(-1)?.seq ?? 0) : 0;
    const names = this.#town.askers.slice(0, askers);
    this.#cards = await Promise.all(cards.map((_, at) => this.#ready(at)));
    await this.#ask();
    const sent: Promise<void>[] = [];
    for (const { step, afterMs } of this.#plan.steps) {
      if (afterMs > 0) await pause(afterMs);
      const done = this.#do(step);
      if (step.do === "crash") await done;
      else sent.push(done);
    }
    await Promise.all(sent);
    if (this.#plan.crashLast) await crash(this.thread);
    await this.#rested();
    return {
      plan: this.#plan,
      town: this.#town,
      cards: this.#cards,
      asked: this.#asked,
      said: this.#said,
      stopped: this.#stopped,
      kernels: this.#kernels,
      trace: await traceOf(this.thread, last),
      rows: await this.#rows(),
      files: await Promise.all(names.map((user) => listed(user, this.#folder))),
      versions: await Promise.all(
        this.#cards.map(async (one, at) =>
          cards[at]?.kind === "slow" ? (await versionOf(one.slug)) - one.version : 0,
        ),
      ),
    };
  }

  get #folder(): string {
    return `home/${this.#name}/`;
  }

  /** The file or the site that a card is about; others have files of the same name. */
  async #ready(at: number): Promise<MadeCard> {
    const { cards, askers } = this.#plan;
    const card = cards[at];
    const user = this.#town.askers[card?.asker ?? 0] ?? "";
    const nth = cards.slice(0, at).filter((one) => one.asker === card?.asker).length;
    const made = { turn: "", approval: "", path: `${this.#folder}${at}.md`, slug: slugOf(user, nth), version: 0 };
    if (card?.kind === "quick")
      for (const one of this.#town.askers.slice(0, askers)) await write(one, made.path, `to go, of ${one}`);
    if (card?.kind !== "slow") return made;
    await write(user, `sites/${made.slug}/index.html`, `${wordOf(user)} in ${this.#name}`);
    return { ...made, version: await versionOf(made.slug) };
  }

  #message(user: string, text: string): ChatMessage {
    const one = this.#town.place.message(user, text, this.#thread ? rootOf(this.#thread) : undefined);
    this.#thread ??= one.thread;
    return one;
  }

  /** Delivers as the Channel does: the same input until the Thread says that it has it. */
  async #deliver(input: ChatInput): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await doorsOf(input.thread).receive(input, false);
        return;
      } catch (thrown) {
        if (tries > 20 || !String(thrown).includes("crash")) throw thrown;
        await pause(2);
      }
    }
  }

  /** Everybody asks for what they want, one thing after the other, all of them at the same time. */
  async #ask(): Promise<void> {
    const { cards, crashWhileAsking } = this.#plan;
    const of = async (asker: number): Promise<void> => {
      for (const [at, card] of cards.entries()) {
        if (card.asker !== asker) continue;
        const user = this.#town.askers[asker] ?? "";
        const made = this.#cards[at];
        if (!made) throw new Error("no such card");
        const text = { quick: `delete ${made.path}`, slow: `publish the site ${made.slug}`, question: "ask me which colour" }; // oxfmt-ignore
        const one = this.#message(user, text[card.kind]);
        this.#asked.push(one);
        await this.#deliver(one);
        made.turn = `message:${one.id}`;
        made.approval = await this.#approvalOf(made.turn);
      }
    };
    const all = Promise.all([0, 1, 2].map(of));
    if (crashWhileAsking !== null) {
      await pause(crashWhileAsking);
      await crash(this.thread);
      await this.#open();
    }
    await all;
  }

  /** The card of a turn, once that has ended. */
  async #approvalOf(turn: string): Promise<string> {
    const [approval] = await this.#shown(({ turn: of, event }) => of === turn && event.type === "turn.suspended" && event.approvals); // oxfmt-ignore
    return approval ?? "";
  }

  /** Waits by what was shown: to ask the object again and again would cost more than all that it does. */
  async #shown<T>(look: (one: StampedEvent) => T | false): Promise<T> {
    const { stamped } = shownIn(this.thread);
    const until = Date.now() + soon.timeout;
    let at = 0;
    while (Date.now() < until) {
      for (; at < stamped.length; at++) {
        const one = stamped[at];
        const found = one === undefined ? false : look(one);
        if (found !== false) return found;
      }
      await pause(soon.interval);
    }
    const rows = await this.#query("SELECT seq, id, state, stop, starts FROM turn ORDER BY seq DESC LIMIT 8");
    throw new Error(`was not shown: ${String(look)} ${JSON.stringify(rows)}`);
  }

  /** Somebody has to come by after a crash. */
  async #open(): Promise<void> {
    await doorsOf(this.thread).eventsAfter(Number.MAX_SAFE_INTEGER);
  }

  #query(sql: string, ...values: SqlStorageValue[]): Promise<Record<string, SqlStorageValue>[]> {
    return runInDurableObject(threadOf(this.thread), (_, { storage }) => storage.sql.exec(sql, ...values).toArray());
  }

  async #do(step: Step): Promise<void> {
    switch (step.do) {
      case "decide":
        return this.#decide(step.card);
      case "say": {
        const text = { echo: `echo of ${this.#name}`, words: "write 100 words", secret: "read home/secret.md" };
        return this.#say(this.#town.talker, text[step.what]);
      }
      case "chime":
        return this.#say(this.#town.askers[step.asker] ?? "", "read home/secret.md");
      case "stop": {
        this.#stopped = true;
        return this.#deliver(this.#town.place.press(this.thread, this.#town.talker, "stop", ""));
      }
      case "crash":
        return this.#crash(step);
    }
  }

  async #crash(step: Extract<Step, { do: "crash" }>): Promise<void> {
    switch (step.what) {
      case "thread":
        return void (await crash(this.thread));
      case "eviction":
        // Not where it is in the middle of something: then it stays.
        return evict(this.thread).catch(() => undefined);
      case "kernel":
        this.#kernels.add(step.asker);
        return crashKernel(person(this.#town.askers[step.asker] ?? "").id);
    }
  }

  async #say(user: string, text: string): Promise<void> {
    const one = this.#message(user, text);
    this.#said.push(one);
    await this.#deliver(one);
  }

  async #decide(at: number): Promise<void> {
    const card = this.#plan.cards[at];
    const made = this.#cards[at];
    if (!card || !made) throw new Error("no such card");
    const user = this.#town.askers[card.asker] ?? "";
    const press = (by: string, approve: boolean) => {
      const yes = card.kind === "question" ? ("answer" as const) : ("approve" as const);
      const value = card.kind === "question" && approve ? "2" : "";
      return this.#deliver(this.#town.place.press(this.thread, by, approve ? yes : "deny", made.approval, value));
    };
    // A question cannot be denied.
    const approve = card.decision === "approve" || card.kind === "question";
    if (card.beside === "stranger") {
      const stranger = this.#town.people.find((one) => one !== user) ?? "";
      await press(stranger, true);
    }
    const once = [press(user, approve)];
    if (card.beside === "again") once.push(press(user, approve));
    if (card.beside === "opposite") once.push(press(user, !approve));
    await Promise.all(once);
  }

  /**
   * Nothing is open, and nothing is to be done until the thread is closed one day. Nobody comes by until then: what a
   * crash has left is taken up by the object's own alarm, or never.
   */
  async #rested(): Promise<void> {
    for (const { approval } of this.#cards)
      await this.#shown(({ turn, event }) => turn === `decision:${approval}` && ends.has(event.type));
    await vi.waitFor(async () => {
      const [row] = await this.#query("SELECT count(*) AS n FROM turn WHERE state IN ('queued', 'running')");
      if (row?.["n"] !== 0) throw new Error(`still open: ${JSON.stringify(row)}`);
      await runDurableObjectAlarm(threadOf(this.thread));
      const at = await runInDurableObject(threadOf(this.thread), (_, state) => state.storage.getAlarm());
      if ((at ?? 0) < Date.now() + day) throw new Error(`the alarm is near: ${at}`);
    }, rarely);
  }

  async #rows(): Promise<Played["rows"]> {
    const calls = await this.#query(
      "SELECT t.id AS turn, t.principal AS principal, c.output AS output FROM call c JOIN turn t ON t.seq = c.turn",
    );
    // Not what stop has taken back.
    const steered = await this.#query('SELECT id FROM steer WHERE "at" >= 0');
    const turns = await this.#query("SELECT id FROM turn WHERE state != 'withdrawn'");
    const text = (value: SqlStorageValue | undefined) => (typeof value === "string" ? value : "");
    return {
      calls: calls.map((one) => ({ turn: text(one["turn"]), principal: text(one["principal"]), output: text(one["output"]) })), // oxfmt-ignore
      steered: new Set(steered.map((one) => text(one["id"]))),
      turns: new Set(turns.map((one) => text(one["id"]))),
    };
  }
}
