import { z } from "zod";
import type { PresentIo, View } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import type { StampedEvent } from "../../kernel/events/types.ts";
import { rateLimited, refused } from "./errors.ts";
import type { SlackRefused } from "./errors.ts";
import { findPosted } from "./find.ts";
import type { Self } from "./find.ts";
import { fold } from "./fold.ts";
import { slackIds } from "./ids.ts";
import type { SlackPlace } from "./ids.ts";
import { intended, needsIntent, nextStep, resume, statusDueAt, succeeded, tidy } from "./plan.ts";
import type { PlanContext, Step, StepResult } from "./plan.ts";
import { afterFailedFile, afterLimit, afterRefusal, isForPerson } from "./refusals.ts";
import { setStatus, suggestPrompts } from "./status.ts";
import { tellInDm } from "./tell.ts";
import { shareFile, uploadBytes } from "./upload.ts";
import type { UploadParts } from "./upload.ts";
import { readView } from "./view.ts";
import type { SlackView } from "./view.ts";

/** Calls in one go; what is left is done the next time. */
const maxSteps = 400;

const Posted = z.object({ ts: z.string() });
const Done = z.object({ ok: z.literal(true) });

/** Our name on what we post, so that it can be found again. */
export const metadata = (id: string) => ({ event_type: "deckhand", event_payload: { id } });

export interface PresentParts extends UploadParts {
  self: () => Promise<Self>;
}

/**
 * Shows events: what follows from them is decided in `plan.ts`, here the calls are made one by one. Before a call that
 * must not be made twice the view says so in the store; after each call it says what came of it.
 */
export async function present(
  parts: PresentParts,
  events: readonly StampedEvent[],
  stored: View,
  io: PresentIo,
): Promise<View> {
  const place = slackIds.place(io.thread);
  const context = (): PlanContext => ({ now: io.now(), traceUrl: io.traceUrl, dm: slackIds.isDm(place.channel) });
  let view = fold(resume(readView(stored)), events, context());
  for (let n = 0; n < maxSteps; n++) {
    const step = nextStep(view, context());
    if (step === null) break;
    view = await take(parts, place, io, view, step);
  }
  view = tidy(view);
  const dueAt = statusDueAt(view);
  if (dueAt === null) return view;
  await io.save(view);
  const retryAfterMs = Math.max(0, dueAt - io.now());
  throw new KernelError("platform.later", "The thread's state is shown later.", { retryable: true, retryAfterMs });
}

async function take(
  parts: PresentParts,
  place: SlackPlace,
  io: PresentIo,
  before: SlackView,
  step: Step,
): Promise<SlackView> {
  if (step.do === "status") {
    let view = await setStatus(parts.api, place, before, step, io.now());
    if (step.session === "active" && slackIds.isDm(place.channel) && !view.prompted)
      view = await suggestPrompts(parts.api, place, view);
    await io.save(view);
    return view;
  }
  let view = before;
  if (needsIntent(step)) {
    view = intended(before, step, io.now());
    await io.save(view);
  }
  try {
    view = succeeded(view, step, await call(parts, place, io, view, step));
  } catch (thrown) {
    const without = afterFailedFile(view, step, thrown, io.now());
    if (without !== null) {
      await io.save(without);
      return without;
    }
    if (refused(thrown)) {
      const other = afterRefusal(before, step, thrown.slack, io.now());
      await io.save(other ?? before);
      if (other !== null) return other;
      await tell(parts, place, io, before, step, thrown);
      throw thrown;
    }
    // Slack did not do it, so the intent is taken back; without an answer it stands, and is looked into the next time.
    if (rateLimited(thrown)) {
      const slow = afterLimit(before, step, io.now(), thrown.retryAfterMs ?? 1000);
      await io.save(slow);
      if (step.do === "start") return slow;
    }
    throw thrown;
  }
  await io.save(view);
  return view;
}

/** Once a turn: where nothing can be shown in the thread, the person hears of it in their DM. */
async function tell(
  { api }: PresentParts,
  place: SlackPlace,
  io: PresentIo,
  view: SlackView,
  step: Exclude<Step, { do: "status" }>,
  refusal: SlackRefused,
): Promise<void> {
  const entry = view.entries.find((one) => one.id === step.id);
  const turn = entry?.kind === "card" || entry === undefined ? (view.turn ?? step.id) : entry.turn;
  if (entry === undefined || view.told === turn || !isForPerson(step, refusal.slack)) return;
  if (await tellInDm(api, place, entry, refusal)) await io.save({ ...view, told: turn });
}

async function call(
  parts: PresentParts,
  place: SlackPlace,
  io: PresentIo,
  view: SlackView,
  step: Exclude<Step, { do: "status" }>,
): Promise<StepResult> {
  const { api, self } = parts;
  const { channel } = place;
  switch (step.do) {
    case "find":
      return { ts: await findPosted(api, await self(), place, view, step) };
    case "upload":
      return { ts: null, file: await uploadBytes(parts, step, io) };
    case "share":
      await shareFile(api, place, { id: step.file, name: step.name, comment: step.comment });
      return { ts: null };
    case "start":
      return api.call(
        "chat.startStream",
        {
          channel,
          thread_ts: place.threadTs,
          ...(step.recipient === null
            ? {}
            : { recipient_user_id: step.recipient.user, recipient_team_id: step.recipient.team }),
          task_display_mode: step.chunks.some((chunk) => chunk.type === "plan_update") ? "plan" : "timeline",
          chunks: step.chunks,
        },
        Posted,
      );
    case "append":
      await api.call("chat.appendStream", { channel, ts: step.ts, chunks: step.chunks }, Done);
      return { ts: step.ts };
    case "stop":
    case "halt": {
      const chunks = step.do === "stop" && step.chunks.length > 0 ? { chunks: step.chunks } : {};
      const blocks = step.do === "stop" && step.blocks.length > 0 ? { blocks: step.blocks } : {};
      await api.call("chat.stopStream", { channel, ts: step.ts, ...chunks, ...blocks }, Done);
      return { ts: step.ts };
    }
    case "post": {
      const { entities, ...message } = step.message;
      return api.call(
        "chat.postMessage",
        {
          channel,
          thread_ts: place.threadTs,
          ...message,
          metadata: { ...metadata(step.id), ...(entities === undefined ? {} : { entities }) },
          unfurl_links: false,
          unfurl_media: false,
        },
        Posted,
      );
    }
    case "update": {
      // The Work Object stays with the message as it was posted; without `blocks` the old ones would stay as well.
      const { entities: _, ...message } = step.message;
      await api.call("chat.update", { channel, ts: step.ts, blocks: [], ...message }, Done);
      return { ts: step.ts };
    }
    case "delete":
      await api.call("chat.delete", { channel, ts: step.ts }, Done);
      return { ts: step.ts };
  }
}
