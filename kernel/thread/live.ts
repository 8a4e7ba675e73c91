import type { TurnId, UserId } from "../ids.ts";

/** A text part that the model is writing. */
export interface LivePart {
  part: string;
  turn: TurnId;
  principal: UserId;
  text: string;
}

/**
 * Text as it is written: kept in memory only and shown by whole-so-far deltas. A part is named by its turn, step and place,
 * so that a step that is called again writes over what was shown of it.
 */
export class LiveText {
  #part: LivePart | null = null;
  #dirty = false;

  static partName(turn: TurnId, step: number, n: number): string {
    return `${turn}#${step}.${n}`;
  }

  get open(): boolean {
    return this.#part !== null;
  }

  /** All of a part's text so far. */
  show(part: LivePart): void {
    this.#part = part;
    this.#dirty = true;
  }

  /** What has been written since the last look, or null. */
  take(): LivePart | null {
    if (!this.#dirty || this.#part === null || this.#part.text.trim() === "") return null;
    this.#dirty = false;
    return { ...this.#part };
  }

  close(): void {
    this.#part = null;
    this.#dirty = false;
  }
}
