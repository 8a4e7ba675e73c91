import { KernelError } from "../../errors.ts";
import { decidedCall } from "../approvals/decisions.ts";
import type { House } from "../house.ts";
import { named } from "../named.ts";
import { byRestart } from "./calls.ts";
import type { Ending } from "./ending.ts";
import type { Setups } from "./setup.ts";
import { taskTitle } from "./tasks.ts";
import type { Turn } from "./types.ts";

/** How a turn is taken up: for the first time, or after a crash. */
export class Begin {
  readonly #house: House;
  readonly #setups: Setups;
  readonly #ending: Ending;
  /** Turns that were taken up in this life of the object. */
  readonly #taken = new Set<number>();

  constructor(house: House, setups: Setups, ending: Ending) {
    this.#house = house;
    this.#setups = setups;
    this.#ending = ending;
  }

  /** Its name, its start and what it begins with are written down in one go. */
  async begin(turn: Turn): Promise<void> {
    const { turns, recorder } = this.#house;
    // What it is run with is looked up while the platform is asked for the name.
    void this.#setups.of(turn).catch(() => undefined);
    const author = { id: turn.principal, name: turn.principalName };
    const { name } = turn.cause === "message" ? await named(this.#house, author) : author;
    if (turns.get(turn.id)?.state !== "queued") return;
    this.#taken.add(turn.seq);
    turns.takeUp(turn.seq, name);
    const started = { type: "turn.started", trigger: turn.cause, principalName: name, title: turn.title } as const;
    if (turn.cause === "message") return recorder.of(turn, started);
    // One that began in the version before has told of it already.
    recorder.once(turn, `started ${turn.id}`, started);
    this.#addDecided(turn);
  }

  /** The decided call is the first thing the turn of a decision does; some have ended before they begin. */
  #addDecided(turn: Extract<Turn, { cause: "decision" }>): void {
    const { turns, approvals, recorder } = this.#house;
    const row = approvals.get(turn.body);
    if (!row) throw new KernelError("approval.not_found", "This request is not known here any more.");
    const call = turns.addDecided(turn.seq, row.id, decidedCall(row));
    const task = row.call;
    recorder.of(turn, { type: "task.started", task, tool: call.tool, title: taskTitle(call), detail: "" });
    if (call.state !== "ended") return;
    const end =
      row.state === "used"
        ? ({ outcome: "interrupted", detail: byRestart, code: "tool.interrupted" } as const)
        : ({ outcome: "denied", detail: "Denied", code: "approval.denied" } as const);
    recorder.of(turn, { type: "task.finished", task, ...end });
  }

  /** A turn that an earlier life of the object had begun. */
  again(turn: Turn): void {
    if (turn.state !== "running" || this.#taken.has(turn.seq)) return;
    this.#taken.add(turn.seq);
    this.#house.turns.takeUp(turn.seq, turn.principalName);
    const { principalName, title } = turn;
    this.#house.recorder.of(turn, { type: "turn.started", trigger: "recovery", principalName, title });
    // What a program had asked for is gone with it.
    this.#ending.closeNested(turn, "Interrupted by a restart.");
  }
}
