import { z } from "zod";
import { clip, toMarkdown } from "./mrkdwn.ts";

const text = z.string().nullish();

/** A message that was shared or forwarded stands in the new one as an attachment; link previews do too, and are no words of a person. */
const Attachment = z.looseObject({
  is_share: z.boolean().nullish(),
  is_msg_unfurl: z.boolean().nullish(),
  author_name: text,
  author_subname: text,
  channel_name: text,
  from_url: text,
  text,
  fallback: text,
  files: z.array(z.unknown()).nullish(),
});

const maxShared = 5;
const maxChars = 8_000;

export interface Shared {
  /** Markdown quotes, one for each message that was shared. */
  quotes: string[];
  /** Files of those messages, as Slack gives files. */
  files: unknown[];
}

/** What was shared or forwarded in a message: the words with their author, and the files. */
export function sharedIn(attachments: readonly unknown[]): Shared {
  const shared: Shared = { quotes: [], files: [] };
  for (const raw of attachments) {
    const read = Attachment.safeParse(raw);
    if (!read.success || !(read.data.is_share || read.data.is_msg_unfurl) || shared.quotes.length >= maxShared)
      continue;
    const { data } = read;
    const said = clip(toMarkdown(data.text ?? data.fallback ?? ""), maxChars);
    const author = data.author_name ?? data.author_subname ?? "somebody";
    const where = data.channel_name ? ` in #${data.channel_name}` : "";
    const lines = [`Shared message of ${author}${where}:`, ...said.split("\n")];
    shared.quotes.push(lines.map((line) => `> ${line}`).join("\n"));
    shared.files.push(...(data.files ?? []));
  }
  return shared;
}
