import { apiMessage } from "./api-message.ts";
import { interactionBy } from "./interaction.ts";
import type { Fields } from "./json.ts";
import { team, teamOf } from "./seed.ts";
import { sendInteraction, type Answered } from "./to-worker.ts";
import { channelById, type World } from "./world.ts";

export interface ShortcutRequest {
  as: string;
  callbackId: string;
  /** The message in whose menu it was; null for one that is not of a message. */
  on: { channel: string; ts: string } | null;
}

const refused = (status: number, error: string): Answered => ({ ok: false, status, error });

/** A shortcut, of a message or not. https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export async function useShortcut(world: World, { as, callbackId, on }: ShortcutRequest): Promise<Answered> {
  const kind = on === null ? "global" : "message";
  const known = world.setup.shortcuts.some((one) => one.callbackId === callbackId && one.kind === kind);
  if (!known) return refused(404, "Deckhand has no such shortcut.");
  if (teamOf(as).id !== team.id) return refused(403, "Shortcuts are for people of the app's own workspace.");
  const now = world.now();
  const payload: Fields = {
    ...interactionBy(world, as),
    action_ts: world.nextTs(),
    callback_id: callbackId,
    trigger_id: world.hooks.openTrigger(as, now),
  };
  if (on === null) return sendInteraction(world, { type: "shortcut", ...payload });
  const message = world.messages.get(on.channel, on.ts);
  if (message === null) return refused(404, "That message is gone.");
  const threadTs = message.threadTs;
  const key = world.hooks.openResponse(
    { channel: on.channel, user: as, messageTs: on.ts, threadTs, ephemeral: false },
    now,
  );
  const channel = channelById(world, on.channel);
  return sendInteraction(world, {
    type: "message_action",
    ...payload,
    channel: { id: on.channel, name: channel?.kind === "dm" ? "directmessage" : channel?.name },
    message_ts: on.ts,
    message: apiMessage(world, message),
    response_url: `${world.origin()}/response/${team.id}/${key}`,
  });
}
