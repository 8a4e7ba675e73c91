import type { PageEvent } from "./page-api.ts";
import { bounds } from "./limits.ts";

/** What a subscriber gets; `to` is the person for whom it alone is meant. */
export type FeedEvent = PageEvent | { type: "call"; call: unknown } | { type: "delivery"; delivery: unknown };

/** Who listens: a person on the page, or a test that sees everything (`null`). */
export type Listener = { as: string | null; send(event: FeedEvent): void };

/** Tells everyone who listens; a listener sees only what its person may see. */
export class Feed {
  readonly #listeners = new Set<Listener>();

  /** @returns how to end it, or null when there are too many. */
  subscribe(listener: Listener): (() => void) | null {
    if (this.#listeners.size >= bounds.subscribers) return null;
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Makes the event once for each person who may see it. */
  publish(maySee: (as: string) => boolean, make: (as: string | null) => FeedEvent): void {
    for (const listener of this.#listeners) {
      if (listener.as === null || maySee(listener.as)) listener.send(make(listener.as));
    }
  }

  toTests(event: FeedEvent): void {
    for (const listener of this.#listeners) if (listener.as === null) listener.send(event);
  }
}
