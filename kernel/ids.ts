import { z } from "zod";

/*
 * Every id in the house is made by one codec here, from verified platform ids only: never from model output and never
 * from a button's value. A segment holds no ":" so that joining and splitting round-trip.
 */
const segment = "[A-Za-z0-9._-]{1,64}";
const pattern = (parts: number) => new RegExp(`^[a-z]{1,16}${`:${segment}`.repeat(parts)}$`);

/** A person of a workspace and the name of their Kernel: `slack:T1:U1`. The workspace is the person's own one. */
export const UserId = z.string().regex(pattern(2)).brand<"UserId">();
export type UserId = z.infer<typeof UserId>;

/** A channel or DM and the name of its Channel object: `slack:T1:C1`. The workspace is the one that installed the app. */
export const ChannelId = z.string().regex(pattern(2)).brand<"ChannelId">();
export type ChannelId = z.infer<typeof ChannelId>;

/** A thread and the name of its Thread object: `slack:T1:C1:1721000000.000100`. */
export const ThreadId = z.string().regex(pattern(3)).brand<"ThreadId">();
export type ThreadId = z.infer<typeof ThreadId>;

/** One chat message, unique in its platform: `slack:T1:C1:1721000000.000200`. */
export const MessageId = z.string().regex(pattern(3)).brand<"MessageId">();
export type MessageId = z.infer<typeof MessageId>;

/** An installation of the app and the name of its object: `slack:T1`; of a whole organisation: `slack:E1`. */
export const InstallationId = z.string().regex(pattern(1)).brand<"InstallationId">();
export type InstallationId = z.infer<typeof InstallationId>;

/** One run of the model in a thread; made by the Thread. */
export const TurnId = z.string().min(1).max(200).brand<"TurnId">();
export type TurnId = z.infer<typeof TurnId>;

/** One request for a person's decision; random, and the only thing a button carries. */
export const ApprovalId = z
  .string()
  .regex(/^ap_[0-9a-f]{32}$/)
  .brand<"ApprovalId">();
export type ApprovalId = z.infer<typeof ApprovalId>;

export interface UserParts {
  platform: string;
  workspace: string;
  user: string;
}
export interface ChannelParts {
  platform: string;
  workspace: string;
  channel: string;
}
export interface ThreadParts extends ChannelParts {
  root: string;
}
export interface MessageParts extends ChannelParts {
  message: string;
}

const part = (id: string, index: number): string => id.split(":")[index] ?? "";

export const userId = {
  make: (p: UserParts): UserId => UserId.parse(`${p.platform}:${p.workspace}:${p.user}`),
  parse: (id: UserId): UserParts => ({ platform: part(id, 0), workspace: part(id, 1), user: part(id, 2) }),
};
export const installationId = {
  make: (p: { platform: string; workspace: string }): InstallationId =>
    InstallationId.parse(`${p.platform}:${p.workspace}`),
};
export const channelId = {
  make: (p: ChannelParts): ChannelId => ChannelId.parse(`${p.platform}:${p.workspace}:${p.channel}`),
  parse: (id: ChannelId): ChannelParts => ({ platform: part(id, 0), workspace: part(id, 1), channel: part(id, 2) }),
  of: (id: ThreadId | MessageId): ChannelId => ChannelId.parse(id.split(":").slice(0, 3).join(":")),
};
export const threadId = {
  make: (p: ThreadParts): ThreadId => ThreadId.parse(`${p.platform}:${p.workspace}:${p.channel}:${p.root}`),
  parse: (id: ThreadId): ThreadParts => ({ ...channelId.parse(channelId.of(id)), root: part(id, 3) }),
};
export const messageId = {
  make: (p: MessageParts): MessageId => MessageId.parse(`${p.platform}:${p.workspace}:${p.channel}:${p.message}`),
  parse: (id: MessageId): MessageParts => ({ ...channelId.parse(channelId.of(id)), message: part(id, 3) }),
};
export const approvalId = {
  random: (): ApprovalId => ApprovalId.parse(`ap_${crypto.randomUUID().replaceAll("-", "")}`),
};
