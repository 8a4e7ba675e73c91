import type { ModalView } from "@slack/types";
import { z } from "zod";
import { sortOf } from "../../../adapters/slack/error-table.ts";
import { refused } from "../../../adapters/slack/errors.ts";
import { slackIds } from "../../../adapters/slack/ids.ts";
import { KernelError } from "../../../kernel/errors.ts";
import type { UserId } from "../../../kernel/ids.ts";
import type { ListenerParts } from "./types.ts";

const Done = z.object({ ok: z.literal(true) });

/** Where the person pressed: in a message, and its thread when it stands in one; null where there is no channel. */
export type PressedAt = { channel: string; thread?: string | undefined } | null;

const Place = z.object({
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().nullish() }).nullish(),
});

/** The place of a press or of a message's menu. */
export function pressedAt(body: unknown): PressedAt {
  const { data } = Place.safeParse(body);
  if (data === undefined) return null;
  return { channel: data.channel.id, thread: data.message?.thread_ts ?? data.message?.ts };
}

const late = "That took too long, and Slack opens no form for it any more. Please press again.";
const busy = "Slack opens no form just now. Please press again in a moment.";
const wrong = "Slack does not let Deckhand open this form. Its owner finds the reason in the log.";

/**
 * Opens a form. When Slack does not, the press is answered all the same, and the person is told: by `tell` where they
 * look (Home), else privately where they pressed, else in their DM.
 */
export async function openForm(
  parts: ListenerParts,
  place: string,
  form: { trigger: string; by: UserId; at: PressedAt; tell?: (notice: string) => Promise<void> },
  view: ModalView,
): Promise<void> {
  try {
    await parts.desk.api(place).call("views.open", { trigger_id: form.trigger, view }, Done);
  } catch (thrown) {
    if (!(thrown instanceof KernelError)) throw thrown;
    const isLate = refused(thrown) && sortOf("views.open", thrown.slack)?.sort === "tell_person";
    if (isLate) parts.log.info("slack: a form came too late", { callback: view.callback_id, thrown });
    else parts.log.error("slack: a form could not be opened", { callback: view.callback_id, thrown });
    const notice = isLate ? late : thrown.retryable ? busy : wrong;
    await (form.tell?.(notice) ?? whisper(parts, place, form, notice));
  }
}

async function whisper(
  parts: ListenerParts,
  place: string,
  { by, at }: { by: UserId; at: PressedAt },
  text: string,
): Promise<void> {
  const { user } = slackIds.person(by);
  const api = parts.desk.api(place);
  try {
    if (at === null) await api.call("chat.postMessage", { channel: user, text }, Done);
    else {
      const thread = at.thread === undefined ? {} : { thread_ts: at.thread };
      await api.call("chat.postEphemeral", { channel: at.channel, user, ...thread, text }, Done);
    }
  } catch (thrown) {
    // The form is what was wanted; that even this could not be said is for the owner.
    parts.log.warn("slack: a person could not be told", { thrown });
  }
}
