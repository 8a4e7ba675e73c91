import type { ChatInput } from "../chat/types.ts";
import { limits } from "../limits.ts";
import { log } from "../log.ts";
import { Decisions } from "./approvals/decisions.ts";
import { Nested } from "./approvals/nested.ts";
import { Requests } from "./approvals/requests.ts";
import { Context } from "./context.ts";
import type { House } from "./house.ts";
import { Intake } from "./intake.ts";
import { Begin } from "./turn/begin.ts";
import { Calls } from "./turn/calls.ts";
import { Ending } from "./turn/ending.ts";
import { Machine } from "./turn/machine.ts";
import { PromptMessages } from "./turn/prompt-messages.ts";
import { Setups } from "./turn/setup.ts";

/** The parts of a thread, put together; what wakes them. */
export class ThreadParts {
  readonly house: House;
  readonly nested: Nested;
  readonly decisions: Decisions;
  readonly #intake: Intake;
  readonly #machine: Machine;
  readonly #ending: Ending;
  readonly #background: (work: Promise<unknown>) => void;

  constructor(house: House, background: (work: Promise<unknown>) => void) {
    const setups = new Setups(house);
    const prompt = new PromptMessages(house.turns);
    const ended = (call: string) => this.nested.end(call);
    const calls = new Calls({ house, setups, ended });
    const requests = new Requests(house, calls);
    const ending = new Ending(house, setups);
    const begin = new Begin(house, setups, ending);
    const context = new Context(house);
    this.house = house;
    this.nested = new Nested({ house, calls, requests });
    const changed = () => prompt.forget();
    this.decisions = new Decisions({ house, requests, nested: this.nested, changed, background });
    this.#ending = ending;
    this.#background = background;
    this.#machine = new Machine({ house, setups, context, prompt, calls, requests, begin, ending, background });
    const { nested, decisions } = this;
    this.#intake = new Intake({ house, decisions, nested, machine: this.#machine, ended: () => this.#noteLeft() });
  }

  /** Durable when it answers. */
  async receive(input: ChatInput, missed: boolean): Promise<boolean> {
    // With what is written down now, so that whoever takes the object away leaves somebody who comes back for it.
    this.house.wake.within(limits.turn.wakeMs);
    try {
      return await this.#intake.receive(input, missed);
    } finally {
      this.#machine.kick();
    }
  }

  /** What an earlier life has left; the same after a crash, a deploy and a long sleep. */
  wake(): void {
    this.nested.withdrawAll();
    this.decisions.resume();
    this.#goOn();
  }

  /** One that fails, or that a crash cuts off, is run again by the platform; what begins in it sets its own. */
  async alarm(): Promise<void> {
    this.house.wake.fired();
    this.#goOn();
    await this.decisions.expireDue();
    this.#closeIdle();
  }

  #goOn(): void {
    this.#machine.kick();
    const { delivery } = this.house;
    if (delivery.behind) this.#background(delivery.pump());
    this.decisions.revise();
    this.#noteLeft();
  }

  #noteLeft(): void {
    const told = this.#ending.noteLeft();
    this.#background(told.catch((thrown: unknown) => log.warn("thread: an end was not noted", { thrown })));
  }

  /** The time at which there is something to do, of all that the rows know. */
  setAlarm(): void {
    const { house } = this;
    const { wakeMs } = limits.turn;
    const now = house.now();
    const times = [
      house.turns.open() || house.presses.open().length > 0 ? now + wakeMs : null,
      house.turns.notNoted(limits.turn.maxInPrompt).length > 0 ? now + wakeMs : null,
      house.delivery.behind ? now + limits.thread.catchUpSeconds * 1000 : null,
      this.decisions.nextExpiry,
      this.#closeAt(),
    ].filter((at) => at !== null);
    house.wake.next(times.length > 0 ? Math.min(...times) : null);
  }

  /** When the thread is to be closed; null when it is. */
  #closeAt(): number | null {
    const { turns, now } = this.house;
    const last = turns.last();
    if (!last) return null;
    const at = last.at + limits.thread.closeAfterSeconds * 1000;
    return at > now() ? at + 1000 : null;
  }

  /** Closes the thread when nobody has written for long. */
  #closeIdle(): void {
    const { turns, recorder } = this.house;
    const last = turns.last();
    if (!last || this.#closeAt() !== null || turns.open()) return;
    recorder.once(last, `closed ${last.seq}`, { type: "thread.closed" });
  }
}
