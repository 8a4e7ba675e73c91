import { apiMessage } from "./api-message.ts";
import { changedEvent, deletedEvent, fileSharedEvent, mentionEvent, messageEvent } from "./events.ts";
import type { MessageRecord } from "./records.ts";
import { pageChannels, pageMessage, pageStatus } from "./page-view.ts";
import { app, type Channel } from "./seed.ts";
import { shareLinks } from "./links.ts";
import { mentions } from "./text.ts";
import { channelById, maySee, type World } from "./world.ts";

/** Tells every page what the message says now. */
export function showMessage(world: World, message: MessageRecord): void {
  const channel = channelById(world, message.channel);
  world.feed.publish(
    (as) => maySee(channel, as),
    (as) => ({ type: "message", message: pageMessage(world, message, as) }),
  );
}

export function showChannels(world: World): void {
  world.feed.publish(
    () => true,
    (as) => ({ type: "channels", channels: pageChannels(world, as) }),
  );
}

const hears = (channel: Channel): boolean => channel.members.includes(app.user);

/** Stores a new message, shows it, and tells the app by the events that Slack would send. */
export function addMessage(world: World, message: MessageRecord): void {
  const channel = channelById(world, message.channel);
  if (channel === undefined) throw new Error(`No channel ${message.channel}`);
  world.messages.put(message);
  showMessage(world, message);
  if (message.threadTs === null) {
    world.threads.markRead(message.user, message.channel, message.ts);
    world.channelsChanged();
  } else {
    const root = world.messages.get(message.channel, message.threadTs);
    if (root !== null) showMessage(world, root);
    if (message.user === app.user) clearStatus(world, message.channel, message.threadTs);
  }
  shareLinks(world, channel, message, "");
  if (!hears(channel)) return;
  const sent = apiMessage(world, message, { metadata: true });
  world.sendEvent(messageEvent(channel, sent));
  if (channel.kind === "channel" && message.user !== app.user && mentions(message.text, app.user)) {
    world.sendEvent(mentionEvent(channel, sent));
  }
  for (const file of message.files) {
    world.sendEvent(fileSharedEvent(channel.id, message.user, file, world.nextTs()));
  }
}

/** Stores what a message says now. `tell: false` for a step of a stream, of which Slack sends no event. */
export function changeMessage(world: World, before: MessageRecord, after: MessageRecord, tell = true): void {
  const channel = channelById(world, after.channel);
  const previous = tell ? apiMessage(world, before) : null;
  world.messages.put(after);
  showMessage(world, after);
  if (previous === null || channel === undefined || !hears(channel)) return;
  world.sendEvent(changedEvent(channel, apiMessage(world, after), previous, world.nextTs()));
  if (after.text !== before.text) shareLinks(world, channel, after, before.text);
}

/** A deleted root with replies leaves a tombstone, as in Slack. */
export function deleteMessage(world: World, message: MessageRecord): void {
  const channel = channelById(world, message.channel);
  const previous = apiMessage(world, message);
  const replies = world.messages.replies(message.channel, message.ts).count;
  if (replies > 0) {
    const tombstone: MessageRecord = {
      ...message,
      subtype: "tombstone",
      text: "This message was deleted.",
      blocks: [],
      segments: [],
      stream: null,
      files: [],
      metadata: null,
    };
    world.messages.put(tombstone);
    showMessage(world, tombstone);
  } else {
    world.messages.remove(message.channel, message.ts);
    world.feed.publish(
      (as) => maySee(channel, as),
      () => ({ type: "deleted", channel: message.channel, ts: message.ts }),
    );
    const root = message.threadTs === null ? null : world.messages.get(message.channel, message.threadTs);
    if (root !== null) showMessage(world, root);
  }
  if (channel !== undefined && hears(channel)) {
    world.sendEvent(deletedEvent(channel, previous, world.nextTs()));
  }
}

export function showStatus(world: World, channelId: string, threadTs: string): void {
  const session = world.threads.session(channelId, threadTs);
  if (session === null) return;
  const channel = channelById(world, channelId);
  world.feed.publish(
    (as) => maySee(channel, as),
    () => ({ type: "status", status: pageStatus(session) }),
  );
}

/** Slack takes the status line away when the app posts. */
function clearStatus(world: World, channel: string, threadTs: string): void {
  const session = world.threads.session(channel, threadTs);
  if (session === null || session.status === "") return;
  world.threads.putSession({ ...session, status: "", loadingMessages: [] });
  showStatus(world, channel, threadTs);
}
