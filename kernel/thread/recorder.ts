import type { EventStore } from "../events/store.ts";
import type { StampedEvent, ThreadEvent } from "../events/types.ts";
import type { TurnId, UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { Clock } from "../clock.ts";
import type { Delivery } from "./delivery.ts";
import { LiveText } from "./live.ts";
import type { Turn } from "./turns.ts";

/** Writes the trace and lets the chat view follow. The only writer of events in a thread. */
export class Recorder {
  #events: EventStore;
  #live: LiveText;
  #delivery: Delivery;
  #now: Clock;
  #progress = new Map<string, number>();

  constructor(events: EventStore, live: LiveText, delivery: Delivery, now: Clock) {
    this.#events = events;
    this.#live = live;
    this.#delivery = delivery;
    this.#now = now;
  }

  record(event: ThreadEvent, turn: TurnId, principal: UserId | null): StampedEvent {
    const stamped = this.#events.append(event, turn, principal, this.#now());
    void this.#delivery.pump();
    return stamped;
  }

  of(turn: Turn, ...events: ThreadEvent[]): void {
    for (const event of events) this.record(event, turn.id, turn.principal);
  }

  write(turn: Turn, text: string): void {
    this.#live.write(turn, () => this.#events.count(turn.id, "text.done"), text, limits.turn.maxTextChars);
    this.#delivery.pumpLive();
  }

  /** Closes the text part that is being written, so that what comes next stands after it. */
  closeText(turn: Turn): void {
    const part = this.#live.close();
    if (part) this.of(turn, { type: "text.done", part: part.part, text: part.text });
  }

  /** Text that the transcript kept of parts a crash cut off: it replaces what was shown of them. */
  settleText(turn: Turn, kept: string[]): void {
    this.#live.close();
    const closed = this.#events.count(turn.id, "text.done");
    for (const [index, text] of kept.slice(closed).entries()) {
      const part = LiveText.partName(turn.id, closed + index);
      this.of(turn, { type: "text.done", part, text });
    }
  }

  /** A line for a task card; bounded in number and size for each task. */
  progress(turn: Turn, task: string, detail: string): void {
    const seen = this.#progress.get(task) ?? 0;
    if (seen >= limits.thread.maxProgressEvents) return;
    this.#progress.set(task, seen + 1);
    this.of(turn, { type: "task.progress", task, detail: detail.slice(0, limits.thread.maxProgressChars) });
  }

  taskEnded(task: string): void {
    this.#progress.delete(task);
  }
}
