import { apiMessage } from "./api-message.ts";
import type { Fields } from "./json.ts";
import { bounds } from "./limits.ts";
import { pageMessage } from "./page-view.ts";
import { actionOf, allBlocks, type Press } from "./press.ts";
import { app, people, team } from "./seed.ts";
import { signedHeaders } from "./signature.ts";
import { channelById, type World } from "./world.ts";

export type Answered = { ok: true; body: string } | { ok: false; status: number; error: string };

/** A signed form to the Worker, as Slack sends interactions and commands: not repeated, three seconds. */
export async function postForm(world: World, url: string | null, form: Record<string, string>): Promise<Answered> {
  const failed = (status: number, error: string): Answered => ({ ok: false, status, error });
  if (url === null) return failed(503, "Deckhand is not running, so nobody heard that. Start it and press again.");
  const body = new URLSearchParams(form).toString();
  const timeout = AbortSignal.timeout(bounds.interactionMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...signedHeaders(world.signingSecret, body, world.signingNow()),
      },
      body,
      signal: timeout,
    });
    const text = await response.text();
    if (response.status === 200) return { ok: true, body: text };
    return failed(502, `Deckhand answered with status ${response.status}. Please try again.`);
  } catch {
    if (timeout.aborted) return failed(504, "Deckhand did not answer within three seconds. Please try again.");
    return failed(503, "Deckhand could not be reached. Please try again.");
  }
}

const userOf = (id: string): Fields => {
  const person = people.find((one) => one.id === id);
  return { id, username: person?.name ?? id, name: person?.name ?? id, team_id: team.id };
};

export interface PressRequest extends Press {
  as: string;
  channel: string;
  messageTs: string;
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
  const action = actionOf(allBlocks(shown), request, world.nextTs());
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
    user: userOf(as),
    api_app_id: app.id,
    token: "local-verification-token",
    container: {
      type: "message",
      message_ts: messageTs,
      channel_id: shown.channel,
      is_ephemeral: ephemeral,
      ...thread,
    },
    trigger_id: world.hooks.openTrigger(as, now),
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: shown.channel, name: channel?.kind === "dm" ? "directmessage" : channel?.name },
    ...(stored === null ? {} : { message: apiMessage(world, stored, { metadata: true }) }),
    state: { values: {} },
    response_url: `${world.origin()}/response/${team.id}/${key}`,
    actions: [action],
  };
  return postForm(world, world.worker.actionsUrl, { payload: JSON.stringify(payload) });
}

/** A slash command. https://docs.slack.dev/interactivity/implementing-slash-commands */
export async function sendCommand(
  world: World,
  request: { as: string; channel: string; command: string; text: string },
): Promise<Answered> {
  const now = world.now();
  const key = world.hooks.openResponse(
    { channel: request.channel, user: request.as, messageTs: "", threadTs: null, ephemeral: true },
    now,
  );
  const channel = channelById(world, request.channel);
  return postForm(world, world.worker.commandsUrl, {
    token: "local-verification-token",
    team_id: team.id,
    team_domain: team.domain,
    channel_id: request.channel,
    channel_name: channel?.kind === "dm" ? "directmessage" : (channel?.name ?? ""),
    user_id: request.as,
    user_name: people.find((one) => one.id === request.as)?.name ?? "",
    command: request.command,
    text: request.text,
    api_app_id: app.id,
    is_enterprise_install: "false",
    response_url: `${world.origin()}/response/${team.id}/${key}`,
    trigger_id: world.hooks.openTrigger(request.as, now),
  });
}
