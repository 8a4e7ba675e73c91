import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { traceOf } from "../../bench/lib/trace.ts";
import type { ControlState } from "../../bots/local/workspace/control.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import type { Lives } from "../harness/lives.ts";
import { openCards, turns } from "./invariants.ts";

export interface Place {
  channel: string;
  ts: string;
}

const Undelivered = z.object({ undelivered: z.number() });

/** What can be seen of Deckhand from outside, at one moment. */
export class Watch {
  readonly #lives: Lives;

  constructor(lives: Lives) {
    this.#lives = lives;
  }

  async #ask(path: string): Promise<unknown> {
    const response = await fetch(`${this.#lives.deckhand.url}${path}`);
    return response.json();
  }

  async state(): Promise<ControlState> {
    return (await this.#ask("/control/state")) as ControlState;
  }

  trace({ channel, ts }: Place): Promise<StampedEvent[]> {
    return traceOf(this.#lives.deckhand.workerUrl, channel, ts);
  }

  /** Whether the Worker answers, looking again until it does. */
  async awake(withinMs: number): Promise<boolean> {
    const end = Date.now() + withinMs;
    while (Date.now() < end) {
      const answer = await fetch(`${this.#lives.deckhand.workerUrl}/health`, {
        signal: AbortSignal.timeout(5_000),
      }).then(
        (response) => response.ok,
        () => false,
      );
      if (answer) return true;
      await sleep(250);
    }
    return false;
  }

  /** What still goes on: events on their way, messages that stream, statuses, turns without an end. Empty when all is quiet. */
  async unrest(places: readonly Place[]): Promise<string[]> {
    const state = await this.state();
    const { undelivered } = Undelivered.parse(await this.#ask("/control/deliveries"));
    // What is due only in a minute of the platform's clock is due now.
    if (undelivered > 0) await this.#lives.slack.advance(61_000);
    const busy = state.statuses
      .filter((one) => one.session === "processing" || (one.status !== "" && one.session !== "suspended"))
      .map((one) => `${one.threadTs} shows ${one.session ?? "no session"} “${one.status}”`);
    const streaming = state.messages.filter((one) => one.streaming).map((one) => `${one.ts} still streams`);
    const open: string[] = [];
    for (const place of places) {
      const events = await this.trace(place);
      if (openCards(events).length === 0) open.push(...turns(events).map((why) => `${place.ts}: ${why}`));
    }
    return [...(undelivered > 0 ? [`${undelivered} events are undelivered`] : []), ...busy, ...streaming, ...open];
  }

  /** Waits until all is quiet at two looks in a row; gives what was not when the time is over. */
  async quiet(places: readonly Place[], withinMs: number): Promise<string[]> {
    const end = Date.now() + withinMs;
    let calm = 0;
    let last: string[] = ["nothing was seen"];
    while (calm < 2) {
      if (Date.now() > end) return last;
      last = await this.unrest(places).catch((thrown: unknown) => [`the Worker could not be asked: ${String(thrown)}`]);
      calm = last.length === 0 ? calm + 1 : 0;
      await sleep(300);
    }
    return [];
  }
}
