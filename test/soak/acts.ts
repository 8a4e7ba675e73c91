import { shownButtons, shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import { asks, general, type Lives } from "../harness/lives.ts";
import type { Asked } from "./check.ts";
import type { Dice } from "./dice.ts";
import { kinds, makeJob, messageOf, people, phraseKinds, stepsOf, type Kind } from "./jobs.ts";

const maxPerThread = 10;

/** A card that asks, and whose job it is. */
interface Open {
  card: PageMessage;
  asked: Asked;
}

/** What people do in one episode. Each act says what it did in a line, for who reads of a violation. */
export class Acts {
  readonly #lives: Lives;
  readonly #dice: Dice;
  readonly #model: "director" | "rehearsal";
  #count = 0;
  readonly asked: Asked[] = [];
  /** What was sent, by the stamp of its message: whether it was acknowledged is known later. */
  readonly #sent = new Map<string, Asked>();
  readonly #removed = new Set<string>();

  constructor(lives: Lives, dice: Dice, model: "director" | "rehearsal") {
    this.#lives = lives;
    this.#dice = dice;
    this.#model = model;
  }

  get roots(): string[] {
    return [...new Set(this.asked.map((one) => one.root))];
  }

  /** A new request, in a new thread or under a root; gives its job's record and its stamp. */
  async ask(options: { kind?: Kind; root?: string } = {}): Promise<{ asked: Asked; ts: string }> {
    const dice = this.#dice;
    this.#count += 1;
    const kind = this.#model === "director" ? (options.kind ?? dice.weighted(kinds)) : dice.weighted(phraseKinds);
    const job = makeJob(dice, this.#count, dice.pick(people), kind);
    this.#lives.director.job(job.word, ...stepsOf(dice, job));
    const files = job.kind === "upload" ? [{ name: `${job.word}.txt`, bytes: `uploaded for ${job.word}` }] : [];
    const where = options.root === undefined ? {} : { threadTs: options.root };
    const ts = await this.#lives.slack.say(job.who, general, `@Deckhand ${messageOf(dice, job)}`, { ...where, files });
    const asked: Asked = { job, root: options.root ?? ts, acknowledged: false, disturbed: false, presses: [] };
    this.asked.push(asked);
    this.#sent.set(ts, asked);
    return { asked, ts };
  }

  /** Marks what the workspace has seen acknowledged by now. */
  note(deliveries: readonly { ts: string; ok: boolean }[]): void {
    for (const { ts, ok } of deliveries) {
      const one = this.#sent.get(ts);
      if (one && ok) one.acknowledged = true;
    }
  }

  async open(): Promise<Open[]> {
    const threads = await Promise.all(this.roots.map((root) => this.#lives.slack.thread(general, root)));
    return threads.flat().flatMap((card) => {
      if (card.user !== "U0DECK" || !asks(card)) return [];
      const text = shownText(card);
      const named = this.asked.findLast(({ job }) => text.includes(job.word));
      // A card of a phrase names its person alone.
      const who = /<@(U0[A-Z]+)>, who alone may decide/.exec(text)?.[1];
      const theirs = this.asked.findLast((one) => one.root === (card.threadTs ?? card.ts) && one.job.who === who);
      const asked = named ?? theirs;
      return asked ? [{ card, asked }] : [];
    });
  }

  /** The right person decides; what was acknowledged counts. */
  async decide({ card, asked }: Open, times = 1): Promise<string> {
    const buttons = shownButtons(card).filter(({ actionId }) => /^deckhand:(approve|deny|answer)/.test(actionId));
    const button = this.#dice.pick(buttons);
    const pressed = async () => {
      const done = await this.#lives.slack.press(asked.job.who, card, button.actionId);
      const what = /approve|deny|answer/.exec(button.actionId)?.[0] as Asked["presses"][number];
      if (done.ok) asked.presses.push(what);
    };
    await Promise.allSettled(Array.from({ length: times }, pressed));
    return `${asked.job.who} presses ${button.label} for ${asked.job.word}${times > 1 ? ` ${times} times` : ""}`;
  }

  /** One act by chance. */
  async any(): Promise<string> {
    const dice = this.#dice;
    const what = dice.weighted({ thread: 4, reply: 6, press: 6, twice: 2, wrong: 1, stop: 1, edit: 1, remove: 1 });
    const busy = this.roots.filter((root) => this.asked.filter((one) => one.root === root).length < maxPerThread);
    if (what === "thread" || busy.length === 0) {
      const { asked } = await this.ask();
      return `${asked.job.who} asks ${asked.job.word} (${asked.job.kind}) in a new thread`;
    }
    if (what === "reply") {
      const { asked } = await this.ask({ root: dice.pick(busy.slice(-4)) });
      return `${asked.job.who} asks ${asked.job.word} (${asked.job.kind}) in ${asked.root}`;
    }
    if (what === "press" || what === "twice" || what === "wrong") {
      const open = await this.open();
      if (open.length === 0) return "nobody has a card to press";
      const one = dice.pick(open);
      if (what !== "wrong") return this.decide(one, what === "twice" ? 2 : 1);
      const other = dice.pick(people.filter((who) => who !== one.asked.job.who));
      await this.#lives.slack.press(other, one.card, "deckhand:approve");
      return `${other} presses the card of ${one.asked.job.word}, which is not theirs`;
    }
    return this.#disturb(what);
  }

  async #disturb(what: "stop" | "edit" | "remove"): Promise<string> {
    const [ts, asked] = this.#dice.pick([...this.#sent].slice(-5));
    const { who, word } = asked.job;
    asked.disturbed = true;
    if (what === "stop") {
      for (const one of this.asked) if (one.root === asked.root && one.job.who === who) one.disturbed = true;
      await this.#lives.slack.stop(who, general, asked.root);
    } else if (what === "edit") await this.#lives.slack.edit(who, general, ts, `@Deckhand ${word} edited`);
    else if (ts !== asked.root && !this.#removed.has(ts)) {
      this.#removed.add(ts);
      await this.#lives.slack.delete(who, general, ts);
    }
    return `${who}: ${what} of ${word}`;
  }
}
