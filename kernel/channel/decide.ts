import type { ChatInput } from "../chat/types.ts";

/** What the Channel knows when an input comes in; each is one indexed look-up, made only when it is needed. */
export interface ChannelFacts {
  /** Inputs stored and not yet taken by their Thread. */
  waiting: number;
  maxWaiting: number;
  /** Has anybody spoken to us in this thread? */
  threadIsOurs(): boolean;
  /** Has this person spoken to us in this thread? */
  speaksToUs(): boolean;
}

export type Intake = "store" | "chatter" | "full";

/**
 * Is this input ours? A mention and a DM are; a message in one of our threads is when its author has already spoken to
 * us there (what two others say to each other is chatter); a button is when its thread is ours.
 */
export function decideIntake(input: ChatInput, facts: ChannelFacts): Intake {
  const ours = isOurs(input, facts);
  if (!ours) return "chatter";
  return facts.waiting >= facts.maxWaiting ? "full" : "store";
}

function isOurs(input: ChatInput, facts: ChannelFacts): boolean {
  if (input.kind === "action") return facts.threadIsOurs();
  switch (input.addressed) {
    case "mention":
    case "dm":
      return true;
    case "thread":
      return facts.speaksToUs();
    case "none":
      return false;
  }
}

/** How long to wait before handing over again after `attempts` failures, in milliseconds: 1 s doubling to 60 s. */
export function redeliverAfterMs(attempts: number): number {
  return Math.min(60_000, 1_000 * 2 ** Math.max(0, attempts - 1));
}
