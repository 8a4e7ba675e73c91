import type { StampedEvent } from "../../kernel/events/types.ts";

/*
 * What must be so in every trace once all is quiet, whatever was killed meanwhile. Pure; each gives sentences that say
 * what is wrong, none when all is well. They know the contract of events and nothing of how turns are kept.
 */

const ends = new Set<string>(["turn.finished", "turn.failed", "turn.suspended"]);

function grouped<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

export function gaps(events: readonly StampedEvent[]): string[] {
  return events.flatMap(({ seq }, index) =>
    seq === index + 1 ? [] : [`event ${index + 1} of the trace has the number ${seq}`],
  );
}

/** Every start of a turn has its end, no end is without a start or comes twice. */
export function turns(events: readonly StampedEvent[]): string[] {
  const wrong: string[] = [];
  const lifecycle = events.filter(({ event }) => event.type === "turn.started" || ends.has(event.type));
  for (const [turn, life] of grouped(lifecycle, (one) => one.turn)) {
    let open = false;
    for (const { event, seq } of life) {
      if (event.type === "turn.started") open = true;
      else if (!open) wrong.push(`turn ${turn} ends (${event.type}, ${seq}) without having begun`);
      else open = false;
    }
    if (open) wrong.push(`turn ${turn} has begun and has no end`);
    const last = life.filter(({ event }) => event.type === "turn.finished" || event.type === "turn.failed");
    if (last.length > 1) wrong.push(`turn ${turn} is over ${last.length} times`);
  }
  return wrong;
}

/** Everything in a turn belongs to one person. */
export function principals(events: readonly StampedEvent[]): string[] {
  return [...grouped(events, (one) => one.turn)].flatMap(([turn, all]) => {
    const people = new Set(all.map((one) => one.principal));
    return people.size === 1 ? [] : [`turn ${turn} has events of ${[...people].join(" and ")}`];
  });
}

/** Every start of a task has its end; what waits, waits for a card that is open. */
export function tasks(events: readonly StampedEvent[]): string[] {
  const states = new Map<string, string>();
  for (const { event } of events) {
    if (event.type === "task.started") states.set(event.task, "started");
    if (event.type === "task.finished") states.set(event.task, event.outcome);
  }
  const open = openCards(events).length > 0;
  return [...states].flatMap(([task, state]) =>
    state === "started" || (state === "waiting" && !open) ? [`task ${task} is left ${state}`] : [],
  );
}

/** Cards that nobody has decided. */
export function openCards(events: readonly StampedEvent[]): string[] {
  const asked = new Set<string>();
  for (const { event } of events) {
    if (event.type === "approval.requested") asked.add(event.card.approval);
    if (event.type === "approval.decided" || event.type === "approval.expired") asked.delete(event.approval);
  }
  return [...asked];
}

/** A card has one outcome, and one request. */
export function approvals(events: readonly StampedEvent[]): string[] {
  const of = (wanted: (event: StampedEvent["event"]) => string | null) =>
    grouped(
      events.flatMap(({ event }) => wanted(event) ?? []),
      (id) => id,
    );
  const requested = of((event) => (event.type === "approval.requested" ? event.card.approval : null));
  const ended = of((event) =>
    event.type === "approval.decided" || event.type === "approval.expired" ? event.approval : null,
  );
  return [
    ...[...requested].filter(([, all]) => all.length > 1).map(([id]) => `card ${id} was asked more than once`),
    ...[...ended].filter(([, all]) => all.length > 1).map(([id, all]) => `card ${id} has ${all.length} outcomes`),
    ...[...ended].filter(([id]) => !requested.has(id)).map(([id]) => `card ${id} was decided and never asked`),
  ];
}

/** Each publication is in the trace once. */
export function publications(events: readonly StampedEvent[]): string[] {
  const all = events.flatMap(({ event }) => (event.type === "site.published" ? `${event.slug} ${event.version}` : []));
  return [...grouped(all, (one) => one)]
    .filter(([, same]) => same.length > 1)
    .map(([one, same]) => `site ${one} is in the trace ${same.length} times`);
}

/** All of them. */
export const broken = (events: readonly StampedEvent[]): string[] =>
  [gaps, turns, principals, tasks, approvals, publications].flatMap((look) => look(events));

/** The turns that carry out what was decided on cards of these turns. */
export const decisionsOf = (events: readonly StampedEvent[], turns: readonly string[]): string[] =>
  events.flatMap(({ turn, event }) =>
    event.type === "approval.requested" && turns.includes(turn) ? [`decision:${event.card.approval}`] : [],
  );

/** Turns that a message with this word began. */
export function turnsOf(events: readonly StampedEvent[], word: string): string[] {
  const began = events.filter(
    ({ event }) => event.type === "turn.started" && event.trigger === "message" && event.title.includes(word),
  );
  return [...new Set(began.map((one) => one.turn))];
}
