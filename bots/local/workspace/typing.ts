import { randomUUID } from "node:crypto";
import { homeOpenedEvent, stoppedEvent, titleChangedEvent } from "./events.ts";
import { slackId } from "./ids.ts";
import { mediaTypeOf } from "./media-type.ts";
import { blankMessage } from "./methods/content.ts";
import { apiView } from "./view-store.ts";
import { addMessage, changeMessage, showStatus } from "./posting.ts";
import type { MessageRecord } from "./records.ts";
import { app, type Channel } from "./seed.ts";
import { endStream } from "./streams.ts";
import { storeTyped } from "./text.ts";
import type { World } from "./world.ts";

export interface TypedFile {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** What a person sends from the page; the root of the thread is already known to stand. */
export function sendTyped(
  world: World,
  request: { as: string; channel: Channel; threadTs: string | null; text: string; files: TypedFile[] },
): MessageRecord {
  const files = request.files.map((file) => {
    const id = slackId("F");
    world.files.put({
      id,
      name: file.name,
      title: file.name,
      mimetype: file.mediaType === "" ? mediaTypeOf(file.name) : file.mediaType,
      user: request.as,
      size: file.bytes.byteLength,
      created: world.now(),
      altText: null,
      uploadKey: null,
      channels: [request.channel.id],
    });
    world.files.setBytes(id, file.bytes);
    return id;
  });
  const message: MessageRecord = {
    ...blankMessage(request.channel.id, world.nextTs(), request.threadTs),
    user: request.as,
    subtype: files.length > 0 ? "file_share" : null,
    text: storeTyped(request.text),
    files,
    clientMsgId: randomUUID(),
  };
  addMessage(world, message);
  return message;
}

export function editTyped(world: World, message: MessageRecord, text: string): void {
  const edited = { user: message.user, ts: world.nextTs() };
  changeMessage(world, message, { ...message, text: storeTyped(text), edited });
}

/** Slack's Stop button: its streams in the thread end at once, and the app is told. */
export function pressStop(world: World, as: string, channel: Channel, threadTs: string): void {
  const live = world.messages
    .liveStreams()
    .filter((message) => message.channel === channel.id && (message.threadTs ?? message.ts) === threadTs);
  for (const message of live) changeMessage(world, message, endStream(message, "stopped"));
  const streams = live.map((message) => message.ts);
  world.sendEvent(stoppedEvent(channel.id, as, threadTs, streams, world.nextTs()));
}

/** The person opened the app's Home, or its DM. */
export function openHome(world: World, as: string, tab: "home" | "messages"): unknown[] | null {
  const dm = world.channels.find((channel) => channel.kind === "dm" && channel.members.includes(as));
  const home = world.threads.home(as);
  if (dm?.members.includes(app.user)) {
    const view = tab === "home" && home !== null ? apiView(home) : null;
    world.sendEvent(homeOpenedEvent(as, dm.id, tab, view, world.nextTs()));
  }
  return home === null ? null : (home.view.blocks as unknown[]);
}

/** A person gives a thread's session another name. False: there is no session. */
export function renameByPerson(world: World, as: string, channel: Channel, threadTs: string, title: string): boolean {
  const session = world.threads.session(channel.id, threadTs);
  if (session === null) return false;
  world.threads.putSession({ ...session, title });
  showStatus(world, channel.id, threadTs);
  const place = { channel: channel.id, threadTs, user: as };
  world.sendEvent(titleChangedEvent(place, { title, previous: session.title }, world.nextTs()));
  return true;
}
