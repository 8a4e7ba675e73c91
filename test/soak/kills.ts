import { setTimeout as sleep } from "node:timers/promises";
import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { Lives } from "../harness/lives.ts";
import type { Acts } from "./acts.ts";
import type { Dice } from "./dice.ts";
import type { Watch } from "./watch.ts";

/** Where a kill is aimed; what does not come about within this is not waited for. */
const aims = { uniform: 6, acknowledged: 3, pressed: 4, streaming: 3, tool: 3, card: 3, twice: 1 } as const;
const targets = { all: 7, workerd: 2, main: 1 } as const;
/** The rehearsal's words, slowly enough to be hit. */
export const slow = { REHEARSAL_DELAY_MS: "5" };
const aimWithinMs = 10_000;
const awakeWithinMs = 120_000;

export class Kills {
  readonly #lives: Lives;
  readonly #acts: Acts;
  readonly #watch: Watch;
  readonly #dice: Dice;

  constructor(lives: Lives, acts: Acts, watch: Watch, dice: Dice) {
    this.#lives = lives;
    this.#acts = acts;
    this.#watch = watch;
    this.#dice = dice;
  }

  /** Brings a moment about, kills, and starts again. Gives what it did. */
  async one(): Promise<string> {
    const aim = this.#dice.weighted(aims);
    const target = this.#dice.weighted(targets);
    const lateMs = this.#dice.whole(0, aim === "uniform" ? 2_500 : 120);
    const hit = this.#aim(aim).catch(() => undefined);
    await Promise.race([hit, sleep(aimWithinMs)]);
    await sleep(lateMs);
    this.#acts.note((await this.#watch.state()).deliveries);
    await this.#kill(target);
    if (aim === "twice") {
      await sleep(this.#dice.whole(0, 900));
      await this.#kill("all");
    }
    return `kill of ${target}, ${aim} + ${lateMs} ms`;
  }

  async #kill(target: keyof typeof targets): Promise<void> {
    if (target === "workerd") {
      this.#lives.deckhand.killWorkerd(this.#dice.whole(0, 1));
      await this.#watch.awake(awakeWithinMs);
      // The platform has lived on, with what was not hit.
      await this.#lives.slack.clearFaults();
      return;
    }
    if (target === "main") await this.#lives.deckhand.killMain();
    else await this.#lives.deckhand.kill();
    await this.#lives.again(slow);
  }

  /** Waits for what can be seen from outside; where the rehearsal answers the model cannot be watched. */
  async #aim(aim: keyof typeof aims): Promise<void> {
    const { slack, director } = this.#lives;
    const acts = this.#acts;
    switch (aim) {
      case "uniform":
      case "twice":
        return;
      case "acknowledged": {
        const { ts } = await acts.ask();
        await this.#lives.acknowledged(ts);
        return;
      }
      case "pressed": {
        const open = await acts.open();
        if (open.length > 0) await acts.decide(this.#dice.pick(open));
        return;
      }
      case "streaming": {
        const { asked } = await acts.ask({ kind: "say" });
        await slack.waitForMessage(
          (one) => one.user === "U0DECK" && shownText(one).includes(asked.job.unique[0] ?? ""),
        );
        return;
      }
      case "tool": {
        const { asked } = await acts.ask({ kind: this.#dice.pick(["write", "look", "nested"] as const) });
        await director.waitFor(asked.job.word, 0);
        return;
      }
      case "card": {
        const when = this.#dice.pick(["before", "after"] as const);
        await slack.fault({ method: "*", match: "deckhand:approve", hold: when });
        await acts.ask({ kind: "publish" });
        await slack.waitForHeld();
        return;
      }
    }
  }
}
