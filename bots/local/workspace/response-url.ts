import type { Fields } from "./json.ts";
import { showEphemeral } from "./methods/chat.ts";
import { blankMessage, readContent } from "./methods/content.ts";
import { addMessage, changeMessage, deleteMessage } from "./posting.ts";
import type { MessageRecord } from "./records.ts";
import { app } from "./seed.ts";
import type { ResponseHook } from "./hooks.ts";
import type { World } from "./world.ts";

function dropEphemeral(world: World, hook: ResponseHook): void {
  world.feed.toPerson(hook.user, { type: "deleted", channel: hook.channel, ts: hook.messageTs });
}

/**
 * What an app may do by a response URL: answer privately or in the channel, replace or delete the message it came from.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 * @throws SlackError for content that Slack refuses
 */
export function respond(world: World, hook: ResponseHook, body: Fields): void {
  const original = hook.ephemeral ? null : world.messages.get(hook.channel, hook.messageTs);
  if (body.delete_original === true) {
    if (hook.ephemeral) dropEphemeral(world, hook);
    else if (original !== null) deleteMessage(world, original);
    return;
  }
  const { text, blocks } = readContent(body, null);
  const content = { text: text ?? "", blocks: blocks ?? [] };
  if (body.replace_original === true && original !== null) {
    const edited = { user: app.user, ts: world.nextTs() };
    changeMessage(world, original, { ...original, ...content, segments: [], stream: null, edited });
    return;
  }
  const replace = body.replace_original === true && hook.ephemeral && hook.messageTs !== "";
  const message: MessageRecord = {
    ...blankMessage(hook.channel, replace ? hook.messageTs : world.nextTs(), hook.threadTs),
    ...content,
  };
  if (body.response_type === "in_channel") addMessage(world, message);
  else showEphemeral(world, hook.user, message);
}
