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
import { placeOf } from "./place.ts";
import type { Listener, ListenerParts } from "./types.ts";

const Done = z.object({ ok: z.literal(true) });
const Posted = z.object({ channel: z.string(), ts: z.string() });
const busy = "Slack takes no message just now. Press Ask again in a moment.";
const notThere = "Deckhand is not in this conversation. Invite it with /invite @Deckhand, then ask again.";

async function open(parts: ListenerParts, place: string, body: unknown): Promise<void> {
  const chosen = readChosen(body, place);
  if (chosen === null) return parts.log.info("slack: ignored", { type: "message_action", why: "malformed" });
  await parts.desk.api(place).call("views.open", { trigger_id: chosen.trigger, view: askModal(chosen.quoted) }, Done);
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
    // The form stays open with what was written: nothing is lost over Slack's own trouble.
    if (thrown instanceof KernelError && thrown.retryable) return { question: busy };
    if (!refused(thrown, "not_in_channel", "channel_not_found", "is_archived")) throw thrown;
    return { question: thrown.slack === "is_archived" ? "This channel is archived." : notThere };
  }
}

/** The question is the root of a thread in the person's DM with the app. */
async function begin(parts: ListenerParts, place: string, body: unknown): Promise<void> {
  const form = readSubmission(body);
  const question = form === null ? null : readBegin(form);
  if (form === null || question === null) return;
  const { by } = form;
  const text = askedText({ by, question });
  const dm = { channel: slackIds.person(by.id).user, text, unfurl_links: false, unfurl_media: false };
  const { channel, ts } = await parts.desk.api(place).call("chat.postMessage", dm, Posted);
  await parts.intake(begunMessage({ by, question, team: place, channel, ts }));
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
      const trigger = readGlobal(body);
      if (place !== null && trigger !== null)
        await parts.desk.api(place).call("views.open", { trigger_id: trigger, view: beginModal() }, Done);
      await ack();
    });
    app.view(forms.begin, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "view_submission");
      if (place !== null) await begin(parts, place, body);
      await ack();
    });
    app.view(forms.ask, async ({ body, context, ack }) => {
      const place = placeOf(parts, context, body, "view_submission");
      const errors = place === null ? null : await ask(parts, place, body);
      await (errors === null ? ack() : ack({ response_action: "errors", errors }));
    });
  },
};
