import { apiMessage } from "./api-message.ts";
import { commandBy, interactionBy } from "./interaction.ts";
import { fieldsOf, isFields, parseJson, type Fields } from "./json.ts";
import type { PageMessage } from "./page-api.ts";
import { pageMessage } from "./page-view.ts";
import { actionOf, allBlocks, type Press } from "./press.ts";
import { respond } from "./response-url.ts";
import { team, teamOf } from "./seed.ts";
import { SlackError } from "./slack-error.ts";
import { sendInteraction, sendSlashCommand, type Answered } from "./to-worker.ts";
import { stateValues, type Given } from "./view-state.ts";
import { channelById, type World } from "./world.ts";

export interface PressRequest extends Press {
  as: string;
  channel: string;
  messageTs: string;
  given: Given;
}

/** A press may be in the message itself, or in what the app showed of a link in it. */
function placeOf(message: PageMessage, action: Fields): Fields {
  const holds = (blocks: readonly unknown[]) => blocks.some((block) => fieldsOf(block).block_id === action.block_id);
  const index = (message.unfurls ?? []).findIndex((unfurl) => holds(unfurl.blocks));
  const unfurl = message.unfurls?.[index];
  if (unfurl === undefined) return { type: "message" };
  return { type: "message_attachment", attachment_id: index + 1, is_app_unfurl: true, app_unfurl_url: unfurl.url };
}

/** A press on an element of a message, as `block_actions`. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export async function pressElement(world: World, request: PressRequest): Promise<Answered> {
  const { as, messageTs } = request;
  const stored = world.messages.get(request.channel, messageTs);
  const hidden = world.ephemerals
    .all()
    .findLast((one) => one.to === as && one.message.channel === request.channel && one.message.ts === messageTs);
  const shown = stored === null ? hidden?.message : pageMessage(world, stored, as);
  if (shown === undefined) return { ok: false, status: 404, error: "That message is gone." };
  const now = world.now();
  const blocks = allBlocks(shown);
  const action = actionOf(blocks, request, world.nextTs());
  if (action === null) return { ok: false, status: 404, error: "That button is not in the message any more." };
  const thread = shown.threadTs === null ? {} : { thread_ts: shown.threadTs };
  const ephemeral = stored === null;
  const key = world.hooks.openResponse(
    { channel: shown.channel, user: as, messageTs, threadTs: shown.threadTs, ephemeral },
    now,
  );
  const channel = channelById(world, shown.channel);
  const payload: Fields = {
    type: "block_actions",
    ...interactionBy(world, as),
    container: {
      ...placeOf(shown, action),
      message_ts: messageTs,
      channel_id: shown.channel,
      is_ephemeral: ephemeral,
      ...thread,
    },
    trigger_id: world.hooks.openTrigger(as, now),
    channel: { id: shown.channel, name: channel?.kind === "dm" ? "directmessage" : channel?.name },
    ...(stored === null ? {} : { message: apiMessage(world, stored, { metadata: true }) }),
    state: { values: stateValues(blocks, request.given) },
    response_url: `${world.origin()}/response/${team.id}/${key}`,
    actions: [action],
  };
  return sendInteraction(world, payload);
}

const refused = (status: number, error: string): Answered => ({ ok: false, status, error });

/** A slash command, and what the app answers with at once. https://docs.slack.dev/interactivity/implementing-slash-commands */
export async function sendCommand(
  world: World,
  request: { as: string; channel: string; command: string; text: string },
): Promise<Answered> {
  const { as, command, text } = request;
  if (!world.setup.commands.some((one) => one.command === command)) {
    return refused(404, `${command} is not a valid command.`);
  }
  if (teamOf(as).id !== team.id) return refused(403, "Commands are for people of the app's own workspace.");
  const now = world.now();
  const channel = channelById(world, request.channel);
  const hook = { channel: request.channel, user: as, messageTs: "", threadTs: null, ephemeral: true };
  const key = world.hooks.openResponse(hook, now);
  const answered = await sendSlashCommand(world, {
    ...commandBy(world, as),
    channel_id: request.channel,
    channel_name: channel?.kind === "dm" ? "directmessage" : (channel?.name ?? ""),
    command,
    text,
    response_url: `${world.origin()}/response/${team.id}/${key}`,
    trigger_id: world.hooks.openTrigger(as, now),
  });
  if (!answered.ok || answered.body.trim() === "") return answered;
  const parsed = parseJson(answered.body);
  try {
    respond(world, { ...hook, uses: 0, until: 0 }, isFields(parsed) ? fieldsOf(parsed) : { text: answered.body });
    return answered;
  } catch (thrown) {
    if (!(thrown instanceof SlackError)) throw thrown;
    return refused(502, `Slack refused what Deckhand answered: ${thrown.error}.`);
  }
}
