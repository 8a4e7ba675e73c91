import type { ModelMessage } from "ai";
import type { UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import type { TurnRecord, TurnStore } from "./store.ts";
import { messagesOf } from "./transcript.ts";
import type { Turn } from "./types.ts";

interface Read {
  messages: ModelMessage[];
  chars: number;
}

const omitted: ModelMessage = {
  role: "user",
  content: "[Deckhand] What was said in this thread before this is left out here: it is too long.",
};

/**
 * What the model reads before a step: the thread's newest turns, as many as fit, then the turn itself. What has ended is
 * read off its rows once and kept while the object is awake; turns run in order, so nothing comes before what is kept.
 */
export class PromptMessages {
  readonly #turns: TurnStore;
  #earlier: TurnRecord[] = [];
  #upTo = 0;
  /** There are older turns than those that are kept. */
  #older = false;
  /** Of each, as its own person reads it and as others do. */
  #read = new WeakMap<TurnRecord, Map<boolean, Read>>();

  constructor(turns: TurnStore) {
    this.#turns = turns;
  }

  /** Rows of a turn that had ended have changed. */
  forget(): void {
    this.#earlier = [];
    this.#upTo = 0;
    this.#older = false;
  }

  of(turn: Turn): ModelMessage[] {
    this.#load(turn);
    const found: ModelMessage[][] = [];
    let chars = 0;
    for (const record of this.#earlier.toReversed()) {
      const read = this.#as(record, turn.principal);
      chars += read.chars;
      if (chars > limits.turn.maxPromptChars) break;
      found.push(read.messages);
    }
    const left = this.#older || found.length < this.#earlier.length;
    const own = messagesOf(this.#turns.record(turn), turn.principal);
    return [...(left ? [omitted] : []), ...found.toReversed().flat(), ...own];
  }

  #load(turn: Turn): void {
    const { maxInPrompt } = limits.turn;
    const few = this.#upTo === 0 ? maxInPrompt : Math.min(maxInPrompt, turn.seq - 1 - this.#upTo);
    if (few <= 0) return;
    const added = this.#turns.before(turn.seq, few).filter((one) => one.turn.seq > this.#upTo);
    const all = [...this.#earlier, ...added];
    this.#older ||= all.length > maxInPrompt || (this.#upTo === 0 && added.length === maxInPrompt);
    this.#earlier = all.slice(-maxInPrompt);
    this.#upTo = turn.seq - 1;
  }

  #as(record: TurnRecord, reader: UserId): Read {
    const own = record.turn.principal === reader;
    const known = this.#read.get(record) ?? new Map<boolean, Read>();
    this.#read.set(record, known);
    const messages = known.get(own)?.messages ?? messagesOf(record, reader);
    const read = known.get(own) ?? { messages, chars: JSON.stringify(messages).length };
    known.set(own, read);
    return read;
  }
}
