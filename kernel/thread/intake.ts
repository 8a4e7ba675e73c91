import type { ChatAction, ChatInput, ChatMessage, Principal } from "../chat/types.ts";
import { TurnId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Decisions } from "./approvals/decisions.ts";
import { behind, type Nested } from "./approvals/nested.ts";
import type { House } from "./house.ts";
import { titleOf } from "./prompt.ts";
import { saysStop } from "./says-stop.ts";
import type { Machine } from "./turn/machine.ts";
import { type Turn, turnIdOfMessage } from "./turn/types.ts";
import { whisper } from "./whisper.ts";

export interface IntakeDeps {
  house: House;
  decisions: Decisions;
  nested: Nested;
  machine: Machine;
  /** A turn has ended of which its person's Kernel does not know. */
  ended: () => void;
}

/** Turns that are looked at when somebody stops theirs; far more than a thread has open. */
const maxOpen = 200;

/** What comes in from chat, and what becomes of it: a turn, a word to the one that runs, its end, a decision. */
export class Intake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** True when a turn will read what others have said meanwhile (`missed`). */
  async receive(input: ChatInput, missed: boolean): Promise<boolean> {
    if (input.kind === "message") return this.#message(input, missed);
    await this.#act(input);
    return false;
  }

  async #act(input: ChatAction): Promise<void> {
    switch (input.action) {
      case "approve":
      case "deny":
      case "answer":
      case "revise":
        return this.#deps.decisions.act(input);
      case "stop":
        return this.#stop(input.by, input.id);
      case "deleted":
        return this.#deleted(input);
      case "feedback":
        return this.#feedback(input);
    }
  }

  /** A message is a turn of its own; while a turn of the same person runs it steers that one instead (A8). */
  async #message(message: ChatMessage, missed: boolean): Promise<boolean> {
    const { turns, now } = this.#deps.house;
    if (turns.steered(message.id)) return false;
    if (turns.get(turnIdOfMessage(message.id))) return true;
    const plain = message.files.length === 0;
    if (plain && saysStop(message.text)) {
      await this.#stop(message.author, message.id);
      return false;
    }
    const first = turns.open();
    if (plain && first && steers(first, message) && turns.steersOf(first.seq).length < limits.thread.maxSteers) {
      turns.addSteer(message, first.seq);
      return false;
    }
    turns.addMessage(message, { title: titleOf(message.text), missed, at: now() });
    if (first && first.principal !== message.author.id && this.#deps.nested.waits(first))
      await whisper(this.#deps.house, message.author, behind("Your message", first.principalName));
    return true;
  }

  /** Ends the person's running turn and what they have waiting behind it; what was done stays. */
  async #stop(by: Principal, id: string): Promise<void> {
    const { house, machine, ended } = this.#deps;
    if (!house.presses.take(id, house.now())) return;
    const open = house.turns.allOpen(maxOpen);
    const mine = open.filter((turn) => turn.principal === by.id);
    const withdrawn = mine.filter((turn) => turn.cause === "message" && house.turns.withdraw(turn.seq));
    // What they have decided is carried out unless it is that which runs.
    const running = mine.filter((turn) => turn.state === "running");
    const steered = running.reduce((sum, turn) => sum + house.turns.takeBackSteers(turn.seq), 0);
    for (const turn of running) this.#end(turn);
    if (withdrawn.length > 0) ended();
    const taken = withdrawn.length + steered;
    if (running.length > 0 && taken === 0) return;
    machine.kick();
    await whisper(house, by, notStopped(taken, open));
  }

  #end(turn: Turn): void {
    if (this.#deps.house.turns.stop(turn.seq)) this.#deps.machine.stop(turn);
  }

  /** The question was deleted: what runs for it ends, what waits for it does not begin. */
  #deleted(action: ChatAction): void {
    const { turns } = this.#deps.house;
    turns.removeSteer(action.subject);
    const turn = turns.get(turnIdOfMessage(action.subject));
    if (!turn || turn.principal !== action.by.id) return;
    if (turns.withdraw(turn.seq)) this.#deps.ended();
    else this.#end(turn);
  }

  /** The button carries the turn that it stands under; an answer may be judged after others. */
  #feedback({ id, by, subject, value }: ChatAction): void {
    const { recorder, turns } = this.#deps.house;
    const known = TurnId.safeParse(subject);
    const turn = (known.success ? turns.get(known.data) : null) ?? turns.last();
    if (!turn) return;
    const given = { by: by.id, byName: by.name, value: value === "up" ? "up" : "down" } as const;
    recorder.once(turn, `feedback ${id}`, { type: "feedback.given", ...given });
  }
}

const steers = (turn: Turn, message: ChatMessage): boolean =>
  turn.state === "running" && !turn.stop && turn.principal === message.author.id;

function notStopped(withdrawn: number, open: readonly Turn[]): string {
  if (withdrawn > 0) return "What you asked and was still waiting is taken back.";
  const other = open[0];
  if (other) return `This is ${other.principalName}'s turn; only they can stop it.`;
  return "Nothing is running here for you to stop.";
}
