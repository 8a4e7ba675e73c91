import type { TurnId, UserId } from "../ids.ts";

/** A text part that the model is writing. */
export interface LivePart {
  part: string;
  turn: TurnId;
  principal: UserId;
  text: string;
}

/**
 * Text as it is written: kept in memory only, shown by whole-so-far deltas, closed into one `text.done`. A part's name
 * is made of the turn and of how many parts the turn has closed before, so that after a crash the part that was being
 * written gets the same name again and what was shown of it can be put right.
 */
export class LiveText {
  #part: LivePart | null = null;
  #dirty = false;

  static partName(turn: TurnId, closedBefore: number): string {
    return `${turn}#${closedBefore + 1}`;
  }

  get open(): boolean {
    return this.#part !== null;
  }

  write(turn: { id: TurnId; principal: UserId }, closedBefore: () => number, text: string, maxChars: number): void {
    const { id, principal } = turn;
    this.#part ??= { part: LiveText.partName(id, closedBefore()), turn: id, principal, text: "" };
    if (this.#part.text.length >= maxChars) return;
    this.#part.text = (this.#part.text + text).slice(0, maxChars);
    this.#dirty = true;
  }

  /** What has been written since the last look, or null. */
  take(): LivePart | null {
    if (!this.#dirty || this.#part === null || this.#part.text.trim() === "") return null;
    this.#dirty = false;
    return { ...this.#part };
  }

  /** Ends the part and gives it; null when nothing was written. */
  close(): LivePart | null {
    const part = this.#part;
    this.#part = null;
    this.#dirty = false;
    return part !== null && part.text.trim() !== "" ? part : null;
  }
}
