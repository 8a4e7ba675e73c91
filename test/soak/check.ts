import { shownText } from "../../bots/local/workspace/control-client.ts";
import type { PageMessage } from "../../bots/local/workspace/page-api.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import { asks } from "../harness/lives.ts";
import type { Job } from "./jobs.ts";
import { broken, decisionsOf, turnsOf } from "./invariants.ts";

/** A job as it was asked for, and what was done to it meanwhile. */
export interface Asked {
  job: Job;
  /** The root of its thread. */
  root: string;
  acknowledged: boolean;
  /** Its message was edited or deleted, or its person has said stop: then it may have no end of its own. */
  disturbed: boolean;
  /** Presses by its own person that were acknowledged. */
  presses: ("approve" | "deny" | "answer")[];
}

export interface ThreadSeen {
  root: string;
  events: StampedEvent[];
  messages: PageMessage[];
  /** What was asked in it. */
  asked: Asked[];
}

const times = (text: string, part: string): number => text.split(part).length - 1;

/** What is wrong in one thread once all is quiet and every card is decided. Pure. */
export function wrongIn(thread: ThreadSeen): string[] {
  const ours = thread.messages.filter((one) => one.user === "U0DECK");
  const text = ours.map(shownText).join("\n");
  return [
    ...broken(thread.events),
    ...ours.filter((one) => one.streaming).map((one) => `message ${one.ts} still streams`),
    ...ours.filter(asks).map((one) => `message ${one.ts} has kept its buttons`),
    ...thread.asked.flatMap((one) => wrongWith(one, thread, text).map((why) => `${one.job.word}: ${why}`)),
  ];
}

function wrongWith(one: Asked, { events, asked }: ThreadSeen, text: string): string[] {
  const { job, acknowledged, disturbed } = one;
  if (job.kind === "phrase" || job.kind === "count") return [];
  const began = turnsOf(events, job.word);
  const taken = events.filter(
    ({ event }) =>
      event.type === "notice" && event.text.startsWith("Taken into account") && event.text.includes(job.word),
  ).length;
  const wrong: string[] = [];
  if (began.length + taken > 1) wrong.push(`it has ${began.length} turns and was taken into others ${taken} times`);
  if (acknowledged && !disturbed && began.length + taken === 0) wrong.push("it was acknowledged and has no turn");
  // A turn that another request was taken into goes on with that one; a turn that failed has said so.
  const all = [...began, ...decisionsOf(events, began)];
  const steered = asked.some((other) => other !== one && isTakenInto(events, other.job.word, all));
  const failed = events.some(({ turn, event }) => event.type === "turn.failed" && all.includes(turn));
  const mayMiss = disturbed || !acknowledged || steered || failed || taken > 0;
  for (const word of [...job.unique, job.closing]) {
    const seen = times(text, word);
    if (seen > 1 || (seen === 0 && !mayMiss)) {
      wrong.push(`“${word}” is shown ${seen} times`);
      break;
    }
  }
  return [...wrong, ...wrongPress(one, events)];
}

/** Whether a word was taken into one of these turns. */
function isTakenInto(events: readonly StampedEvent[], word: string, turns: readonly string[]): boolean {
  return events.some(({ turn, event }) => event.type === "notice" && event.text.includes(word) && turns.includes(turn));
}

/** What was decided is what was pressed, and was done once if it was approved and not at all if it was not. */
function wrongPress({ job, presses, disturbed }: Asked, events: readonly StampedEvent[]): string[] {
  const cards = events.flatMap(({ event }) =>
    event.type === "approval.requested" && `${event.card.title} ${event.card.body}`.includes(job.word)
      ? [event.card.approval]
      : [],
  );
  const outcomes = events.flatMap(({ event }) =>
    event.type === "approval.decided" && cards.includes(event.approval) ? [event.decision] : [],
  );
  const published = events.filter(({ event }) => event.type === "site.published" && event.slug === job.word);
  const wrong: string[] = [];
  if (cards.length > 1) wrong.push(`${cards.length} cards were shown for it`);
  const expired = events.some(({ event }) => event.type === "approval.expired" && cards.includes(event.approval));
  if (presses.length > 0 && outcomes.length === 0 && !expired && !disturbed)
    wrong.push("a press was acknowledged and nothing was decided");
  const said = new Set(presses.map((one) => ({ approve: "approved", deny: "denied", answer: "answered" })[one]));
  for (const outcome of outcomes)
    if (said.size > 0 && !said.has(outcome))
      wrong.push(`${[...said].join(" and ")} was pressed and ${outcome} was decided`);
  if (published.length > 0 && !outcomes.includes("approved")) wrong.push("it was published without an approval");
  if (job.kind === "publish" && outcomes.includes("approved") && published.length !== 1 && !disturbed)
    wrong.push(`it was approved and published ${published.length} times`);
  return wrong;
}
