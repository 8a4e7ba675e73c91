import { authored } from "../chat/authored.ts";
import type { ChatAction, ChatInput, ChatMessage, Principal } from "../chat/types.ts";
import { TurnId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Decisions } from "./decisions.ts";
import type { House } from "./house.ts";
import { promptText } from "./messages.ts";
import type { Running } from "./running.ts";
import { saysStop } from "./steering.ts";
import type { Toolset } from "./toolset.ts";
import type { Turn } from "./turns.ts";
import { whisper } from "./whisper.ts";

/** What the intake asks of Think. */
export interface Queue {
  /** Durable when it answers; the same id again is nothing new. */
  submit(id: string, text: string): Promise<void>;
  /** Takes a message out that has not begun. */
  withdraw(id: string): Promise<void>;
  /** Ends the running request. */
  cancel(request: string): void;
  /** Adds to the transcript without starting a turn. */
  record(messages: { id: string; text: string }[]): Promise<void>;
}

export interface IntakeDeps {
  house: House;
  running: Running;
  toolset: Toolset;
  decisions: Decisions;
  queue: Queue;
}

const cut = (text: string): string => text.slice(0, limits.channel.maxMessageChars);
const promptOf = (message: ChatMessage, name = message.author.name): string => authored(name, cut(message.text));

/** What comes in from chat, and what becomes of it: a turn, a word to the one that runs, its end, a decision. */
export class Intake {
  #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  async receive(input: ChatInput, missed: boolean): Promise<void> {
    if (input.kind === "message") return this.#message(input, missed);
    switch (input.action) {
      case "approve":
      case "deny":
      case "answer":
      case "revise":
        return this.#deps.decisions.act(input);
      case "stop":
        return this.#stop(input.by);
      case "deleted":
        return this.#deleted(input);
      case "feedback":
        return this.#feedback(input);
    }
  }

  /** A message is a turn of its own; while a turn of the same person runs it steers that one instead (A8). */
  async #message(message: ChatMessage, missed: boolean): Promise<void> {
    const { steers, turns } = this.#deps.house;
    if (steers.known(message.id) || turns.asked(message.id)) return this.#ask(message, missed);
    const plain = message.files.length === 0;
    if (plain && saysStop(message.text)) return this.#stop(message.author);
    const running = this.#deps.running.turns.find((turn) => turn.principal === message.author.id);
    const steersIt = plain && running !== undefined && steers.countOf(running.id) < limits.thread.maxSteers;
    if (steersIt) steers.add(message, running.id);
    else await this.#ask(message, missed);
  }

  async #ask(message: ChatMessage, missed: boolean): Promise<void> {
    const { house, queue } = this.#deps;
    if (house.steers.known(message.id)) return;
    house.turns.ask(message, TurnId.parse(`message:${message.id}`), missed);
    const marked = message.files.length > 0 || !message.root;
    await queue.submit(message.id, promptText(message.author.name, cut(message.text), message.id, marked));
  }

  /** Messages that came too late for a step become turns of their own. */
  async askSteers(): Promise<void> {
    const { steers } = this.#deps.house;
    for (const late of steers.waiting()) {
      steers.remove(late.id);
      await this.#ask(late.body, false);
    }
  }

  /** What was taken into a turn stands in the transcript for later ones; in the turn it was only shown to the steps. */
  async keepSteers(turn: Turn): Promise<void> {
    const taken = this.#deps.house.steers.of(turn.id).filter((one) => one.at !== null);
    if (taken.length === 0) return;
    await this.#deps.queue.record(taken.map((one) => ({ id: one.id, text: promptOf(one.body, turn.principalName) })));
  }

  /** Ends the person's running turn and what they have waiting behind it; what was done stays. */
  async #stop(by: Principal): Promise<void> {
    const { house, running } = this.#deps;
    const mine = running.turns.filter((turn) => turn.principal === by.id);
    const waiting = house.turns.waitingOf(by.id);
    for (const { id } of waiting) await this.#withdraw(id);
    for (const turn of mine) this.#abort(turn);
    if (mine.length > 0) return;
    await whisper(house, by, this.#notStopped(waiting.length));
  }

  #notStopped(withdrawn: number): string {
    if (withdrawn > 0) return "What you asked and was still waiting is taken back.";
    const other = this.#deps.house.turns.running();
    if (other) return `This is ${other.principalName}'s turn; only they can stop it.`;
    return "Nothing is running here for you to stop.";
  }

  async #withdraw(id: string): Promise<void> {
    await this.#deps.queue.withdraw(id);
    this.#deps.house.turns.unask(id);
  }

  #abort(turn: Turn): void {
    const request = this.#deps.running.requestOf(turn);
    if (request === null) return;
    this.#deps.toolset.cancel(turn);
    this.#deps.queue.cancel(request);
  }

  /** The question was deleted: what runs for it ends, what waits for it does not begin. */
  async #deleted(action: ChatAction): Promise<void> {
    const { house, running } = this.#deps;
    house.steers.remove(action.subject);
    const asked = house.turns.asked(action.subject);
    if (!asked || asked.body.author.id !== action.by.id) return;
    const turn = running.turns.find((one) => one.id === asked.turn);
    if (turn) this.#abort(turn);
    else if (house.turns.get(asked.turn) === null) await this.#withdraw(action.subject);
  }

  /** The button carries the turn that it stands under; an answer may be judged after others. */
  #feedback({ by, subject, value }: ChatAction): void {
    const { recorder, turns } = this.#deps.house;
    const known = TurnId.safeParse(subject);
    const turn = (known.success ? turns.get(known.data) : null) ?? turns.last();
    if (!turn) return;
    recorder.of(turn, { type: "feedback.given", by: by.id, byName: by.name, value: value === "up" ? "up" : "down" });
  }
}
