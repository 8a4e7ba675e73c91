import type { Clock } from "../clock.ts";
import type { EventStore } from "../events/store.ts";
import type { ThreadEvent } from "../events/types.ts";
import type { TurnId, UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Delivery } from "./delivery.ts";
import { LiveText } from "./live.ts";

/** Whose turn an event belongs to. */
export interface Whose {
  id: TurnId;
  principal: UserId;
}

/** Writes the trace and lets the chat view follow. The only writer of events in a thread. */
export class Recorder {
  readonly #events: EventStore;
  readonly #live: LiveText;
  readonly #delivery: Delivery;
  readonly #now: Clock;
  readonly #progress = new Map<string, number>();

  constructor(events: EventStore, live: LiveText, delivery: Delivery, now: Clock) {
    this.#events = events;
    this.#live = live;
    this.#delivery = delivery;
    this.#now = now;
  }

  of(turn: Whose, ...events: ThreadEvent[]): void {
    for (const event of events) this.#append(turn, event);
  }

  /** A fact that may be told twice, by what it is about: told again it is no new event. */
  once(turn: Whose, key: string, event: ThreadEvent): void {
    this.#append(turn, event, key);
  }

  #append(turn: Whose, event: ThreadEvent, key?: string): void {
    if (this.#events.append(event, turn.id, turn.principal, this.#now(), key)) void this.#delivery.pump();
  }

  /** Shows a part as far as it is written. */
  write(turn: Whose, step: number, n: number, text: string): void {
    const { id, principal } = turn;
    this.#live.show({ part: LiveText.partName(id, step, n), turn: id, principal, text });
    this.#delivery.pumpLive();
  }

  /** A step's texts, each by its place among them. */
  texts(turn: Whose, step: number, texts: readonly string[]): void {
    this.#live.close();
    for (const [n, text] of texts.entries()) {
      if (text.trim() === "") continue;
      this.of(turn, { type: "text.done", part: LiveText.partName(turn.id, step, n), text });
    }
  }

  /** A line for a task card; bounded in number and size for each task. */
  progress(turn: Whose, task: string, detail: string): void {
    const seen = this.#progress.get(task) ?? 0;
    if (seen >= limits.thread.maxProgressEvents) return;
    this.#progress.set(task, seen + 1);
    this.of(turn, { type: "task.progress", task, detail: detail.slice(0, limits.thread.maxProgressChars) });
  }

  taskEnded(task: string): void {
    this.#progress.delete(task);
  }
}
