import { putText } from "./layout.ts";
import { fit } from "./overflow.ts";
import { toEdit } from "./slots.ts";
import { newChunks } from "./render.ts";
import type { Step } from "./plan.ts";
import type { SlackView, Slot } from "./view.ts";

/*
 * What to do when Slack says no to a step: another way to show the same, or null when there is none and the caller must
 * hear of it. Codes: the methods' pages at https://docs.slack.dev/reference/methods
 */

/** No stream will ever work here: not asked for again in this thread. */
const noStreams = new Set([
  "channel_type_not_supported",
  "method_not_supported_for_channel_type",
  "unknown_method",
  "method_deprecated",
  "missing_scope",
  "feature_disabled",
  "feature_not_enabled",
  "not_allowed_token_type",
]);
/** Nothing can be posted: another method would be refused as well. */
const hopeless = new Set([
  "invalid_auth",
  "not_authed",
  "account_inactive",
  "token_revoked",
  "token_expired",
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "ekm_access_denied",
]);
const ended = new Set(["message_not_in_streaming_state", "message_not_found", "streaming_mode_mismatch"]);
const tooMuch = new Set([
  "msg_too_long",
  "msg_blocks_too_long",
  "msg_blocks_too_many",
  "invalid_blocks",
  "invalid_blocks_format",
  "block_mismatch",
  "markdown_text_conflict",
  "no_text",
]);
const lost = new Set([
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "is_inactive",
  "message_not_owned_by_app",
]);

const maxConflicts = 2;

/** The view after a refusal; `before` is the view before the step's intent. Null: nothing else can be tried. */
export function afterRefusal(before: SlackView, step: Step, code: string, now: number): SlackView | null {
  if (step.do === "status" || step.do === "find") return null;
  if (hopeless.has(code)) return null;
  const next = structuredClone(before);
  const entry = next.entries.find((one) => one.id === step.id);
  if (!entry) return next;
  const place = { turn: entry.kind === "slot" ? entry.turn : entry.id, principal: null, now };

  if (entry.kind === "card") {
    if (step.do !== "update" || !lost.has(code)) return null;
    // Someone deleted the card: what was decided is said all the same.
    next.entries = next.entries.filter((one) => one !== entry);
    putText(next, place, `settled:${entry.card.approval}`, `The decision that was waiting is ${entry.state}.`);
    return next;
  }

  switch (step.do) {
    case "start":
      if (noStreams.has(code)) next.streaming = false;
      entry.mode = "edit";
      entry.stale = true;
      return next;
    case "append":
    case "stop":
      if (step.do === "stop" && ended.has(code) && newChunks(entry).length === 0) {
        entry.closed = true;
        return next;
      }
      toEdit(entry, { stale: true });
      entry.halt = !ended.has(code) && entry.halt;
      return next;
    case "halt":
      entry.halt = false;
      return next;
    case "post":
      return tooMuch.has(code) && asPlain(next, entry, now) ? next : null;
    case "update":
      if (code === "streaming_state_conflict") {
        entry.conflicts++;
        entry.halt = true;
        // A stream that can be neither ended nor edited stays as it is; what should stand there comes below it.
        if (entry.conflicts > maxConflicts)
          Object.assign(entry, { halt: false, ts: null, conflicts: 0, id: `${entry.id}:again` });
        return next;
      }
      if (lost.has(code)) {
        // A message that somebody deleted is not brought back.
        Object.assign(entry, {
          stale: false,
          closing: true,
          closed: true,
          ts: null,
          pieces: [],
        } satisfies Partial<Slot>);
        return next;
      }
      return tooMuch.has(code) && asPlain(next, entry, now) ? next : null;
    case "delete":
      Object.assign(entry, { stale: false, closed: true });
      return next;
  }
}

/** Once more as text alone, in messages short enough for it. */
function asPlain(view: SlackView, slot: Slot, now: number): boolean {
  if (slot.plain) return false;
  slot.plain = true;
  slot.stale = true;
  slot.mode = "edit";
  fit(view, slot, { turn: slot.turn, principal: null, now }, new Map());
  return true;
}
