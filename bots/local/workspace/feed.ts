import type { PageEvent, PageDetails, PageMessage, PageModal } from "./page-api.ts";
import { bounds } from "./limits.ts";
import type { Delivery } from "./outbox.ts";
import type { HeldCall, RecordedCall } from "./web-api.ts";

/** What a listener gets: a page what page-api.ts says, a test also what happened behind it. */
export type FeedEvent =
  | PageEvent
  | { type: "whisper"; to: string; message: PageMessage }
  | { type: "modal-of"; to: string; modal: PageModal | null }
  | { type: "home-of"; to: string; blocks: unknown[] }
  | { type: "details-of"; to: string; details: PageDetails }
  | { type: "call"; call: RecordedCall }
  | { type: "held"; held: HeldCall }
  | { type: "delivery"; delivery: Delivery };

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

  toPerson(user: string, event: FeedEvent): void {
    for (const listener of this.#listeners) if (listener.as === user) listener.send(event);
  }

  toTests(event: FeedEvent): void {
    for (const listener of this.#listeners) if (listener.as === null) listener.send(event);
  }
}
