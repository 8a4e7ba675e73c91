import { z } from "zod";
import { refused } from "../../../adapters/slack/errors.ts";
import {
  askedText,
  askModal,
  beginModal,
  forms,
  readBegin,
  readQuestion,
  readSubmission,
} from "../../../adapters/slack/modals.ts";
import { askedMessage, begunMessage, readChosen, readGlobal } from "../../../adapters/slack/quote.ts";
import { slackIds } from "../../../adapters/slack/ids.ts";
import { KernelError } from "../../../kernel/errors.ts";
import { openForm, pressedAt } from "./open-form.ts";
import { placeOf } from "./place.ts";
import type { Listener, ListenerParts } from "./types.ts";

const Posted = z.object({ channel: z.string(), ts: z.string() });
const busy = "Slack takes no message just now. Press Ask again in a moment.";
const notThere = "Deckhand is not in this conversation. Invite it with /invite @Deckhand, then ask again.";

async function open(parts: ListenerParts, place: string, body: unknown): Promise<void> {
  const chosen = readChosen(body, place);
  if (chosen === null) return parts.log.info("slack: ignored", { type: "message_action", why: "malformed" });
  const { trigger, by } = chosen;
  await openForm(parts, place, { trigger, by: by.id, at: pressedAt(body) }, askModal(chosen.quoted));
}

/**
 * The question is posted into the thread for the person, so that everybody sees what is answered; where it stands is its
 * id. Gives what is wrong by field, or null.
 */
async function ask(parts: ListenerParts, place: string, body: unknown): Promise<Record<string, string> | null> {
  const form = readSubmission(body);
  const asked = form === null ? null : readQuestion(form);
  if (form === null || asked === null) return null;
  const { quoted, question } = asked;
  const { by } = form;
  try {
    const { ts } = await parts.desk.api(place).call(
      "chat.postMessage",
      {
        channel: quoted.channel,
        thread_ts: quoted.thread,
        text: askedText({ by, question }),
        unfurl_links: false,
        unfurl_media: false,
      },
      Posted,
    );
    await parts.intake(askedMessage({ by, quoted: { ...quoted, team: place }, question, ts }));
    return null;
  } catch (thrown) {
    return unposted(parts, thrown);
  }
}

/** The form stays open with what was written: nothing is lost over what Slack does not take. */
function unposted({ log }: ListenerParts, thrown: unknown): Record<string, string> {
  if (!(thrown instanceof KernelError)) throw thrown;
  if (thrown.retryable) return { question: busy };
  if (refused(thrown, "is_archived")) return { question: "This channel is archived." };
  if (refused(thrown, "not_in_channel", "channel_not_found")) return { question: notThere };
  log.error("slack: a question could not be posted", { thrown });
  return { question: "Slack does not let Deckhand write there. Its owner finds the reason in the log." };
}

/** The question is the root of a thread in the person's DM with the app. Gives what is wrong by field, or null. */
async function begin(parts: ListenerParts, place: string, body: unknown): Promise<Record<string, string> | null> {
  const form = readSubmission(body);
  const question = form === null ? null : readBegin(form);
  if (form === null || question === null) return null;
  const { by } = form;
  const text = askedText({ by, question });
  const dm = { channel: slackIds.person(by.id).user, text, unfurl_links: false, unfurl_media: false };
  try {
    const { channel, ts } = await parts.desk.api(place).call("chat.postMessage", dm, Posted);
    await parts.intake(begunMessage({ by, question, team: place, channel, ts }));
    return null;
  } catch (thrown) {
    return unposted(parts, thrown);
  }
}

/** "Ask Deckhand about this" in a message's menu, and "Ask Deckhand" anywhere. */
export const shortcuts: Listener = {
  uses: {
    shortcuts: [
      {
        kind: "message",
        callbackId: "ask_deckhand",
        name: "Ask Deckhand about this",
        description: "Asks about a message, in its thread",
      },
      {
        kind: "global",
        callbackId: "new_thread",
        name: "Ask Deckhand",
        description: "Asks in a direct message",
      },
    ],
  },
  listen(app, parts) {
    app.shortcut({ callback_id: "ask_deckhand", type: "message_action" }, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "message_action");
      if (place !== null) await open(parts, place, body);
      await ack();
    });
    app.shortcut({ callback_id: "new_thread", type: "shortcut" }, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "shortcut");
      const chosen = readGlobal(body);
      if (place !== null && chosen !== null) await openForm(parts, place, { ...chosen, at: null }, beginModal());
      await ack();
    });
    app.view(forms.begin, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "view_submission");
      const errors = place === null ? null : await begin(parts, place, body);
      await (errors === null ? ack() : ack({ response_action: "errors", errors }));
    });
    app.view(forms.ask, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "view_submission");
      const errors = place === null ? null : await ask(parts, place, body);
      await (errors === null ? ack() : ack({ response_action: "errors", errors }));
    });
  },
};
