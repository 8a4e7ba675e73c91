import { z } from "zod";
import { checkBlocks, withIds } from "../blocks.ts";
import { slackId } from "../ids.ts";
import { isFields, type Fields } from "../json.ts";
import { bounds } from "../limits.ts";
import { Entity, Metadata, type MessageRecord } from "../records.ts";
import { app } from "../seed.ts";
import { SlackError } from "../slack-error.ts";
import { optionalText } from "./common.ts";

export interface Content {
  /** Undefined: the call says nothing of it. */
  text: string | undefined;
  blocks: unknown[] | undefined;
  metadata: Metadata | null | undefined;
  /** Work Objects; undefined: the call says nothing of them. */
  entities: Entity[] | undefined;
}

const bad = (): never => {
  throw new SlackError("invalid_metadata_format");
};

export function readMetadata(args: Fields): Metadata | undefined {
  if (args.metadata === undefined) return undefined;
  // A Work Object's metadata may have entities in place of an event.
  if (isFields(args.metadata) && "entities" in args.metadata && !("event_type" in args.metadata)) return undefined;
  const parsed = Metadata.safeParse(args.metadata);
  return parsed.success ? parsed.data : bad();
}

export function readEntities(args: Fields): Entity[] | undefined {
  if (!isFields(args.metadata) || !("entities" in args.metadata)) return undefined;
  const parsed = z.array(Entity).max(bounds.entities).safeParse(args.metadata.entities);
  return parsed.success ? parsed.data : bad();
}

/** What a call wants a message to say. @throws SlackError as Slack refuses it */
export function readContent(args: Fields, maxText: number | null): Content {
  const markdown = optionalText(args, "markdown_text");
  let text = optionalText(args, "text");
  const hasBlocks = Array.isArray(args.blocks);
  if (markdown !== undefined && (text !== undefined || hasBlocks)) throw new SlackError("markdown_text_conflict");
  if (markdown !== undefined && markdown.length > bounds.markdownChars) throw new SlackError("msg_too_long");
  if (maxText !== null && text !== undefined && text.length > maxText) throw new SlackError("msg_too_long");
  text = text?.slice(0, bounds.textChars);
  const metadata = readMetadata(args);
  const entities = readEntities(args);
  if (markdown !== undefined) {
    if (markdown === "") throw new SlackError("no_text");
    return { text: markdown, blocks: makeIds([{ type: "markdown", text: markdown }]), metadata, entities };
  }
  const blocks = hasBlocks || args.blocks !== undefined ? checkBlocks(args.blocks, "message") : undefined;
  const empty = (text ?? "") === "" && (blocks === undefined || blocks.length === 0);
  if (empty && !Array.isArray(args.attachments)) throw new SlackError("no_text");
  return { text, blocks: blocks === undefined ? undefined : makeIds(blocks), metadata, entities };
}

export const makeIds = (blocks: readonly unknown[]): unknown[] => withIds(blocks, () => slackId("", 5));

/** A message of the app that says nothing yet. */
export const blankMessage = (channel: string, ts: string, threadTs: string | null): MessageRecord => ({
  channel,
  ts,
  threadTs,
  user: app.user,
  subtype: null,
  text: "",
  blocks: [],
  segments: [],
  stream: null,
  files: [],
  edited: null,
  metadata: null,
  reactions: [],
  clientMsgId: null,
  unfurls: [],
  entities: [],
});
