import type { PageChannel, PageMessage, PageStatus } from "./page-api.ts";
import type { MessageRecord, SessionRecord } from "./records.ts";
import { otherTeam, people } from "./seed.ts";
import { maySee, type World } from "./world.ts";

/** A message as one person's page shows it. */
export function pageMessage(world: World, message: MessageRecord, as: string | null): PageMessage {
  const replies = world.messages.replies(message.channel, message.ts);
  return {
    channel: message.channel,
    ts: message.ts,
    threadTs: message.threadTs,
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    segments: message.segments,
    streaming: message.stream?.state === "live",
    files: message.files.flatMap((id) => {
      const file = world.files.get(id);
      if (file === null) return [];
      const { name, mimetype, size, altText } = file;
      const url = `/local/files/${id}/${encodeURIComponent(name)}?as=${as ?? message.user}`;
      return [{ id, name, mimetype, size, url, ...(altText === null ? {} : { alt: altText }) }];
    }),
    edited: message.edited !== null,
    replyCount: replies.count,
    lastReply: replies.latest,
    ephemeral: false,
    broadcast: message.subtype === "thread_broadcast",
    reactions: message.reactions,
    unfurls: message.unfurls,
    entities: message.entities,
  };
}

export const pageStatus = (session: SessionRecord): PageStatus => ({
  channel: session.channel,
  threadTs: session.threadTs,
  session: session.session,
  status: session.status,
  loadingMessages: session.loadingMessages,
  title: session.title,
  prompts: session.prompts,
});

/** The channels a person is in; a DM is named after its other side. */
export function pageChannels(world: World, as: string | null): PageChannel[] {
  return world.channels
    .filter((channel) => as === null || maySee(channel, as))
    .map((channel) => ({
      id: channel.id,
      name:
        channel.kind === "dm"
          ? (people.find((person) => channel.members.includes(person.id) && person.id !== as)?.realName ?? channel.name)
          : channel.name,
      kind: channel.kind,
      members: channel.members,
      ...(channel.shared === true ? { shared: otherTeam.name } : {}),
      unread: as === null ? 0 : world.messages.unread(channel.id, as, world.threads.lastRead(as, channel.id)),
    }));
}
