import type { EntityMetadata, KnownBlock } from "@slack/types";
import type { z } from "zod";
import type { ApprovalCard, StampedEvent, ThreadEvent } from "../../kernel/events/types.ts";
import { putPart } from "./answer.ts";
import { diffBlocks, siteBlocks } from "./cards.ts";
import { inert } from "./inert.ts";
import { put, putText } from "./layout.ts";
import { putFile, storedFile } from "./outgoing.ts";
import { fit } from "./overflow.ts";
import { siteEntity } from "./links.ts";
import { close, current, putAlone, toEdit, touched } from "./slots.ts";
import type { Place } from "./slots.ts";
import { ours, slackLimits } from "./limits.ts";
import { oneLine } from "./mrkdwn.ts";
import { sentence, taskField, taskTitle } from "./render.ts";
import { hash } from "./view.ts";
import type { Card, Session, SlackView, Slot, TaskPiece, TaskStatus } from "./view.ts";

/** Details of one task that are shown; what a tool says beyond it is in the trace. */
const maxDetails = 2000;
const maxTasks = 100;

export interface FoldContext {
  now: number;
  traceUrl: string | null;
}

/**
 * Takes events into the view: what the thread's messages should say. Pure. Events that are in it already change nothing,
 * so they may come again.
 */
export function fold(view: SlackView, events: readonly StampedEvent[], context: FoldContext): SlackView {
  const next = structuredClone(view);
  for (const stamped of events) {
    const live = stamped.event.type === "text.delta";
    if (live ? stamped.seq < next.seq : stamped.seq <= next.seq) continue;
    next.seq = stamped.seq;
    apply(next, stamped, context);
  }
  // What belongs to no running turn is not left open.
  const last = next.entries.at(-1);
  if (next.turn === null && last?.kind === "slot" && !last.closing) close(last, "complete");
  return next;
}

function apply(view: SlackView, stamped: StampedEvent, context: FoldContext): void {
  const { event } = stamped;
  const place: Place = { turn: stamped.turn, principal: stamped.principal, now: context.now };
  switch (event.type) {
    case "turn.started":
      return begin(view, stamped, event);
    case "text.delta":
      return putPart(view, place, event.part, event.text, false);
    case "text.done":
      return putPart(view, place, event.part, event.text, true);
    case "task.started":
      if (Object.keys(view.tasks).length < maxTasks) view.tasks[event.task] = taskTitle(event.title);
      return task(view, place, event.task, "in_progress", { title: event.title, detail: event.detail });
    case "task.progress":
      return task(view, place, event.task, "in_progress", { detail: event.detail });
    case "task.finished": {
      task(view, place, event.task, taskState[event.outcome], { output: event.detail });
      if (event.outcome !== "waiting") delete view.tasks[event.task];
      return undefined;
    }
    case "plan.updated":
      putPlan(view, place, event.title);
      for (const step of event.steps) task(view, place, `step:${step.id}`, step.state, { title: step.title });
      return undefined;
    case "approval.requested":
      return ask(view, place, event);
    case "approval.revised":
      return revise(view, place, event);
    case "feedback.given":
      return undefined;
    case "approval.decided":
      return settle(view, place, event.approval, {
        state: event.decision,
        by: event.by,
        byName: event.byName,
        at: stamped.at,
        choice: event.choice,
        reason: event.reason,
      });
    case "approval.expired":
      return settle(view, place, event.approval, { state: "expired", at: stamped.at });
    case "site.published":
      return putAlone(view, place, {
        kind: "blocks",
        ...stored({ ...siteBlocks(event), entity: siteEntity(event, event.url) }),
        sent: false,
      });
    case "diff.shown":
      return putAlone(view, place, { kind: "blocks", ...stored(diffBlocks(event)), sent: false });
    case "file.posted":
      return putFile(view, place, storedFile(place, { id: `file:${stamped.seq}`, ...defined(event) }));
    case "notice":
      return say(view, place, stamped, context);
    case "turn.suspended":
      return end(view, place, "suspended", "pending");
    case "turn.finished":
      askFeedback(view, place);
      return end(view, place, "active", "complete");
    case "thread.closed":
      view.status.wanted = "closed";
      return undefined;
    case "turn.failed":
      say(view, place, stamped, context);
      return end(view, place, "active", "error");
  }
}

/** What of a posted file is there to be shown. */
const defined = ({ path, name, sizeBytes, sha256, comment, alt }: Extract<ThreadEvent, { type: "file.posted" }>) => ({
  path,
  name,
  sizeBytes,
  ...(sha256 === undefined ? {} : { sha256 }),
  ...(comment === undefined ? {} : { comment }),
  ...(alt === undefined ? {} : { alt }),
});

const taskState = {
  ok: "complete",
  error: "error",
  waiting: "pending",
  denied: "error",
  interrupted: "error",
} as const;

/** Through JSON, as the view is stored: what cannot be stored is not shown either. */
const stored = (message: { text: string; blocks: KnownBlock[]; entity?: EntityMetadata }) =>
  JSON.parse(JSON.stringify(message)) as { text: string; blocks: Json[]; entity?: Json };
type Json = z.core.util.JSONType;

const openSlot = (view: SlackView): Slot | null => {
  const last = view.entries.at(-1);
  return last?.kind === "slot" && !last.closing ? last : null;
};

function begin(view: SlackView, stamped: StampedEvent, event: Extract<ThreadEvent, { type: "turn.started" }>): void {
  const slot = openSlot(view);
  if (event.trigger === "recovery") {
    // What was streamed may be more than the transcript holds: end the stream, then let the text decide.
    view.recovering = true;
    for (const entry of view.entries) {
      if (entry.kind !== "slot" || entry.closed) continue;
      entry.turn = stamped.turn;
      toEdit(entry, { stale: entry.unsure });
    }
  } else if (slot) close(slot, "complete");
  view.turn = stamped.turn;
  view.calls = 0;
  view.status.wanted = "processing";
  view.status.title = oneLine(event.title, slackLimits.sessionTitleChars);
}

function end(view: SlackView, place: Place, session: Session, running: "pending" | "complete" | "error"): void {
  const slot = openSlot(view);
  if (slot && slot.turn === place.turn) close(slot, running);
  for (const entry of view.entries)
    if (entry.kind === "file") entry.done = true;
    else if (entry.kind === "slot")
      for (const piece of entry.pieces) if (piece.kind === "text" || piece.kind === "table") piece.done = true;
  if (session === "active") view.tasks = {};
  view.turn = null;
  view.recovering = false;
  // A card of another turn, or another person, may still wait in the thread.
  view.status.wanted = session === "active" && waits(view) ? "suspended" : session;
}

const waits = (view: SlackView, programs = false): boolean =>
  view.entries.some(
    (entry) => entry.kind === "card" && entry.state === "pending" && (!programs || entry.card.program !== undefined),
  );

/** The plan stands in the message that is written; one that has none gets it. */
function putPlan(view: SlackView, place: Place, given: string): void {
  const title = taskTitle(given);
  const known = current(view, place).pieces.find((piece) => piece.kind === "plan");
  if (known === undefined) return put(view, place, { kind: "plan", title, sent: false });
  if (known.kind !== "plan" || known.title === title) return;
  Object.assign(known, { title, sent: false });
  touched(current(view, place));
}

/** Only an answer in words is asked about, and only where its last words are still being written. */
function askFeedback(view: SlackView, place: Place): void {
  const slot = openSlot(view);
  if (slot === null || slot.turn !== place.turn || !slot.pieces.some((piece) => piece.kind === "text")) return;
  slot.feedback = true;
  touched(slot);
}

function say(view: SlackView, place: Place, stamped: StampedEvent, context: FoldContext): void {
  const text = sentence(stamped.event, context.traceUrl);
  if (text !== null) putText(view, place, `note:${stamped.seq}`, text);
}

interface TaskChange {
  title?: string;
  detail?: string;
  output?: string;
}

function task(
  view: SlackView,
  place: Place,
  id: string,
  status: (typeof TaskStatus)["_output"],
  change: TaskChange,
): void {
  const slot = current(view, place);
  const known = slot.pieces.find((piece): piece is TaskPiece => piece.kind === "task" && piece.id === id);
  const piece: TaskPiece = known ?? {
    kind: "task",
    id,
    title: taskTitle(change.title ?? view.tasks[id] ?? "Working"),
    status,
    details: "",
    output: "",
    newDetails: "",
    newOutput: "",
    dirty: false,
    chunks: 0,
  };
  if (known && change.title !== undefined) piece.title = taskTitle(change.title);
  piece.status = status;
  piece.dirty = true;
  const detail = taskField(change.detail ?? "");
  if (detail !== "" && piece.details.length < maxDetails) {
    const added = piece.details === "" ? detail : `\n${detail}`;
    piece.details += added;
    piece.newDetails += added;
  }
  const output = taskField(change.output ?? "");
  if (output !== "") {
    piece.output = output;
    piece.newOutput = output;
  }
  if (known) {
    slot.stale ||= slot.mode === "edit";
    fit(view, slot, place, new Map());
  } else put(view, place, piece);
}

/** The card's body, inert; one that is too long for a card stands in messages of its own. */
function bodyOf(view: SlackView, place: Place, card: ApprovalCard, where: "right above" | "below"): string {
  const body = inert(card.body, { final: true });
  if (body.length <= ours.cardBodyChars) return body;
  putText(view, place, `body:${card.approval}:${hash(body)}`, body);
  const opened = openSlot(view);
  if (opened) close(opened, "elsewhere");
  return `What will run is in the messages ${where} (${card.body.length} characters).`;
}

/** What would run was changed by who decides: the card says what it is now. */
function revise(view: SlackView, place: Place, { card }: Extract<ThreadEvent, { type: "approval.revised" }>): void {
  const known = view.entries.find((entry): entry is Card => entry.id === `card:${card.approval}`);
  if (!known) return ask(view, place, { type: "approval.requested", card });
  known.card = { ...card, body: bodyOf(view, place, card, "below") };
  known.stale = known.ts !== null || known.intentAt !== null;
}

/** The card is a message of its own after what was said so far; a body too long for it stands in messages before it. */
function ask(view: SlackView, place: Place, event: Extract<ThreadEvent, { type: "approval.requested" }>): void {
  const id = `card:${event.card.approval}`;
  if (view.entries.some((entry) => entry.id === id)) return;
  const slot = openSlot(view);
  if (slot) close(slot, "elsewhere");
  const body = bodyOf(view, place, event.card, "right above");
  view.entries.push({
    kind: "card",
    id,
    ts: null,
    intentAt: null,
    lookup: "no",
    card: { ...event.card, body },
    state: "pending",
    by: null,
    byName: "",
    at: 0,
    choice: null,
    reason: null,
    stale: false,
  });
  // A program that has asked waits in a turn that still runs.
  if (event.card.program !== undefined) view.status.wanted = "suspended";
}

function settle(view: SlackView, place: Place, approval: string, change: Partial<Card>): void {
  const card = view.entries.find((entry): entry is Card => entry.kind === "card" && entry.card.approval === approval);
  if (!card) {
    // The card is no longer known here; what happened to it is said all the same.
    if (change.state !== undefined)
      putText(view, place, `settled:${approval}`, `The decision that was waiting is ${change.state}.`);
    return;
  }
  Object.assign(card, change, { stale: card.ts !== null || card.intentAt !== null });
  // While a turn runs only what a program of its own waits for holds it up.
  if (view.status.wanted !== "suspended" || waits(view, view.turn !== null)) return;
  // A decision is carried out at once, in the turn that asked or in one of its own.
  view.status.wanted = view.turn === null && change.state === "expired" ? "active" : "processing";
}
