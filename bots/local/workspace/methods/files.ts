import { randomUUID } from "node:crypto";
import { z } from "zod";
import { apiFile } from "../api-message.ts";
import { checkBlocks } from "../blocks.ts";
import { slackId } from "../ids.ts";
import { textOf, type Fields } from "../json.ts";
import { bounds } from "../limits.ts";
import { mediaTypeOf } from "../media-type.ts";
import { addMessage } from "../posting.ts";
import type { FileRecord } from "../records.ts";
import { app, type Channel } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";
import { optionalText, postable, threadOf } from "./common.ts";
import { blankMessage, makeIds } from "./content.ts";

/** First of three steps: where to send the bytes. */
export function getUploadUrl(world: World, args: Fields): Fields {
  const name = textOf(args.filename);
  const size = Number(args.length);
  if (size > bounds.uploadBytes) throw new SlackError("file_upload_size_restricted");
  const altText = optionalText(args, "alt_txt") ?? null;
  if (altText !== null && altText.length > 2000) throw new SlackError("alt_txt_too_large");
  const uploadKey = randomUUID().replaceAll("-", "");
  const file: FileRecord = {
    id: slackId("F"),
    name,
    title: name,
    mimetype: mediaTypeOf(name),
    user: app.user,
    size,
    created: world.now(),
    altText,
    uploadKey,
    channels: [],
  };
  world.files.put(file);
  return { upload_url: `${world.origin()}/upload/v1/${uploadKey}`, file_id: file.id };
}

/** Second step: the bytes. False when nobody waits for them. */
export function receiveUpload(world: World, key: string, bytes: Uint8Array): boolean {
  const file = world.files.awaiting(key);
  if (file === null) return false;
  world.files.setBytes(file.id, bytes);
  world.files.put({ ...file, size: bytes.byteLength });
  return true;
}

const Uploads = z
  .array(z.object({ id: z.string(), title: z.string().optional() }))
  .min(1)
  .max(bounds.filesPerMessage);

function targets(world: World, args: Fields): Channel[] {
  const one = optionalText(args, "channel_id") ?? "";
  const ids = [one, ...(optionalText(args, "channels") ?? "").split(",")]
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (ids.length > 1 && optionalText(args, "thread_ts") !== undefined) throw new SlackError("channels_limit_exceeded");
  return [...new Set(ids)].map((id) => postable(world, id));
}

/** Third step: the files are shared, as one message for each conversation. */
export function completeUpload(world: World, args: Fields): Fields {
  const uploads = Uploads.safeParse(args.files);
  if (!uploads.success) {
    throw new SlackError("invalid_arguments", { response_metadata: { messages: ["[ERROR] invalid `files`"] } });
  }
  const channels = targets(world, args);
  const files = uploads.data.map(({ id, title }): FileRecord => {
    const file = world.files.get(id);
    // Once completed the key is gone: a second completion finds nothing to complete.
    if (file === null || file.uploadKey === null) throw new SlackError("file_not_found");
    if (world.files.bytes(id) === null) throw new SlackError("file_update_failed");
    return { ...file, title: title ?? file.name, uploadKey: null, channels: channels.map((channel) => channel.id) };
  });
  const comment = optionalText(args, "initial_comment");
  const blocks =
    comment === undefined && Array.isArray(args.blocks) ? makeIds(checkBlocks(args.blocks, "message")) : [];
  const places = channels.map((channel) => ({
    channel,
    threadTs: threadOf(world, channel, optionalText(args, "thread_ts"), "posting_to_channel_denied"),
  }));
  for (const file of files) world.files.put(file);
  for (const { channel, threadTs } of places) {
    addMessage(world, {
      ...blankMessage(channel.id, world.nextTs(), threadTs),
      subtype: "file_share",
      text: comment ?? "",
      blocks,
      files: files.map((file) => file.id),
    });
  }
  return { files: files.map((file) => apiFile(world, file)) };
}

export function fileInfo(world: World, args: Fields): Fields {
  const file = world.files.get(textOf(args.file));
  if (file === null) throw new SlackError("file_not_found");
  return {
    file: { ...apiFile(world, file), channels: file.channels },
    comments: [],
    response_metadata: { next_cursor: "" },
  };
}
