import type { StampedEvent, ThreadEvent } from "../../../kernel/events/types.ts";
import { person } from "../turns.ts";
import type { Played } from "./round.ts";
import { wordOf } from "./town.ts";

const ends = new Set<ThreadEvent["type"]>(["turn.finished", "turn.failed", "turn.suspended"]);

/** What does not hold of a round. Empty: all of it does. */
export function judge(played: Played): string[] {
  return [
    ...numbers(played.trace),
    ...played.asked.flatMap((one) => turnOnce(played, `message:${one.id}`, "message")),
    ...played.said.flatMap((one) => wordOnce(played, one.id)),
    ...played.plan.cards.flatMap((_, at) => decidedOnce(played, at)),
    ...effects(played),
    ...principals(played),
    ...tasks(played.trace),
    ...secrets(played),
  ];
}

const of = (played: Played, turn: string): ThreadEvent[] =>
  played.trace.filter((one) => one.turn === turn).map((one) => one.event);
const count = (events: ThreadEvent[], fits: (one: ThreadEvent) => boolean): number => events.filter(fits).length;
const exactly = (what: string, n: number, wanted = 1): string[] => (n === wanted ? [] : [`${what}: ${n}, not ${wanted}`]); // oxfmt-ignore

const numbers = (trace: StampedEvent[]): string[] =>
  trace.flatMap((one, at) => {
    const before = trace[at - 1];
    return before && one.seq !== before.seq + 1 ? [`after event ${before.seq} comes ${one.seq}`] : [];
  });

function turnOnce(played: Played, turn: string, trigger: "message" | "decision"): string[] {
  const events = of(played, turn);
  const begun = count(events, (one) => one.type === "turn.started" && one.trigger === trigger);
  const over = count(events, (one) => ends.has(one.type));
  return [
    ...exactly(`starts of ${turn}`, begun),
    ...exactly(`ends of ${turn}`, over),
    ...exactly(`failures of ${turn}`, count(events, (one) => one.type === "turn.failed"), 0), // oxfmt-ignore
  ];
}

/** What was said beside the cards was a turn of its own or was taken into one; taken back only where somebody stopped. */
function wordOnce(played: Played, id: string): string[] {
  const turn = `message:${id}`;
  const { rows, stopped, said } = played;
  const mine = said.find((one) => one.id === id)?.author.id === person(played.town.talker).id;
  if (rows.turns.has(turn)) return rows.steered.has(id) ? [`${turn} is a turn and a word to another`] : turnOnce(played, turn, "message"); // oxfmt-ignore
  return rows.steered.has(id) || (stopped && mine) ? [] : [`${turn} is lost`];
}

const decisionOf = (played: Played, approval: string) => {
  const found = played.trace.flatMap(({ event }) =>
    event.type === "approval.decided" && event.approval === approval ? [event] : [],
  );
  return { times: found.length, decided: found[0] };
};

function decidedOnce(played: Played, at: number): string[] {
  const card = played.plan.cards[at];
  const approval = played.cards[at]?.approval ?? "";
  if (!card) return [];
  const asker = person(played.town.askers[card.asker] ?? "");
  const { times, decided } = decisionOf(played, approval);
  const turn = `decision:${approval}`;
  const closing = count(of(played, turn), (one) => one.type === "text.done" && one.text.trim() !== "");
  const wanted = card.kind === "question" ? "answered" : card.decision === "approve" ? "approved" : "denied";
  const wrong = decided && card.beside !== "opposite" && decided.decision !== wanted;
  return [
    ...exactly(`decisions of ${approval}`, times),
    ...(wrong ? [`${approval} is ${decided.decision}, not ${wanted}`] : []),
    ...(decided && decided.by !== asker.id ? [`${approval} was decided by ${decided.by}`] : []),
    ...turnOnce(played, turn, "decision"),
    ...exactly(`suspensions of ${turn}`, count(of(played, turn), (one) => one.type === "turn.suspended"), 0), // oxfmt-ignore
    ...(closing === 0 ? [`${turn} has no closing message`] : []),
  ];
}

/** What was approved was done, once, in its own person's Kernel; nothing else was. */
function effects(played: Played): string[] {
  const { plan, cards, files, versions, kernels } = played;
  const faults: string[] = [];
  let least = 0;
  let most = 0;
  for (const [at, card] of plan.cards.entries()) {
    const made = cards[at];
    if (!made || card.kind === "question") continue;
    const approved = decisionOf(played, made.approval).decided?.decision === "approved";
    const outcomes = of(played, `decision:${made.approval}`).flatMap((one) => (one.type === "task.finished" ? [one.outcome] : [])); // oxfmt-ignore
    // A Kernel that was taken away in the middle says so: then it may or may not have been done.
    const unsure = kernels.has(card.asker) && outcomes[0] === "interrupted";
    const ok = outcomes.filter((one) => one === "ok").length;
    if (approved && !unsure && ok === 0) faults.push(`${made.approval} was approved and was not done: ${String(outcomes)}`); // oxfmt-ignore
    if (!approved && ok > 0 && outcomes[0] !== "denied") faults.push(`${made.approval} was denied and done`);
    if (card.kind === "slow") {
      const wanted = approved ? 1 : 0;
      most += wanted;
      if (!unsure) least += wanted;
      if (versions[at] !== wanted && !unsure)
        faults.push(`${made.slug} was published ${versions[at]} times, not ${wanted}`);
    }
    if (card.kind !== "quick") continue;
    for (const [who, listing] of files.entries()) {
      const there = listing.includes(made.path);
      const gone = who === card.asker && approved;
      if (there === gone && !(unsure && who === card.asker)) faults.push(`${made.path} of ${who} is ${there ? "there" : "gone"}`); // oxfmt-ignore
    }
  }
  const told = count(played.trace.map(({ event }) => event), (one) => one.type === "site.published"); // oxfmt-ignore
  if (told < least || told > most) faults.push(`site.published was told ${told} times, not ${most}`);
  return faults;
}

/** By the turn's id: a message is its author's, a decision the asker's. */
function owners(played: Played): Map<string, string> {
  const owner = new Map<string, string>();
  for (const one of [...played.asked, ...played.said]) owner.set(`message:${one.id}`, one.author.id);
  for (const [at, card] of played.plan.cards.entries())
    owner.set(`decision:${played.cards[at]?.approval ?? ""}`, person(played.town.askers[card.asker] ?? "").id);
  return owner;
}

function principals(played: Played): string[] {
  const owner = owners(played);
  const events = played.trace.flatMap(
    (one) =>
    owner.get(one.turn) === one.principal ? [] : [`event ${one.seq} (${one.event.type}) of ${one.turn} is ${String(one.principal)}'s`], // oxfmt-ignore
  );
  const calls = played.rows.calls.flatMap((one) => {
    const known = owner.get(one.turn);
    return known === undefined || known === one.principal ? [] : [`a call of ${one.turn} ran as ${one.principal}`];
  });
  return [...events, ...calls];
}

/** In each turn, a task that was begun has ended, and was done once at most. */
function tasks(trace: StampedEvent[]): string[] {
  const state = new Map<string, { open: boolean; ok: number }>();
  for (const { turn, event } of trace) {
    if (event.type !== "task.started" && event.type !== "task.finished") continue;
    const key = `${turn} ${event.task}`;
    const known = state.get(key) ?? { open: false, ok: 0 };
    const ok = event.type === "task.finished" && event.outcome === "ok" ? 1 : 0;
    state.set(key, { open: event.type === "task.started", ok: known.ok + ok });
  }
  return [...state].flatMap(([key, { open, ok }]) => [
    ...(open ? [`the task ${key} did not end`] : []),
    ...(ok > 1 ? [`the task ${key} was done ${ok} times`] : []),
  ]);
}

/** Nothing that only one person may read stands in another's turn. */
function secrets(played: Played): string[] {
  const owner = owners(played);
  const faults: string[] = [];
  for (const user of played.town.people) {
    const { id } = person(user);
    for (const { turn, event } of played.trace)
      if (owner.get(turn) !== id && JSON.stringify(event).includes(wordOf(user))) faults.push(`${turn} told the word of ${user}`); // oxfmt-ignore
    for (const call of played.rows.calls)
      if (call.principal !== id && call.output.includes(wordOf(user))) faults.push(`${call.turn} read the word of ${user}`); // oxfmt-ignore
  }
  return faults;
}
