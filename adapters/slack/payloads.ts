import { z } from "zod";

/*
 * What Slack sends, as far as we read it. Loose: Slack adds keys at any time, and a key we do not read must not cost a
 * message. Shapes: https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/interaction-payloads
 */
const text = z.string().nullish();

export const SlackFile = z.object({
  id: z.string(),
  name: text,
  title: text,
  mimetype: text,
  size: z.number().nullish(),
  mode: text,
  url_private_download: text,
  url_private: text,
  /** `check_file_info`: a stub in a shared channel; the rest is got by `files.info`. */
  file_access: text,
});
export type SlackFile = z.infer<typeof SlackFile>;

export const SlackMessage = z.object({
  type: z.string(),
  subtype: text,
  channel: text,
  channel_type: text,
  user: text,
  /** The person's own team, in a shared channel. */
  user_team: text,
  source_team: text,
  team: text,
  bot_id: text,
  text,
  ts: z.string(),
  thread_ts: text,
  edited: z.unknown().optional(),
  hidden: z.boolean().nullish(),
  files: z.array(z.unknown()).nullish(),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

export const EventEnvelope = z.object({
  type: z.literal("event_callback"),
  team_id: text,
  enterprise_id: text,
  event_id: text,
  authorizations: z
    .array(z.object({ team_id: text, enterprise_id: text, user_id: text, is_bot: z.boolean().nullish() }))
    .nullish(),
  event: z.looseObject({ type: z.string() }),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

export const BlockActions = z.object({
  type: z.literal("block_actions"),
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: text, username: text, name: text }),
  container: z.object({ type: text, message_ts: text, thread_ts: text, channel_id: text }),
  channel: z.object({ id: z.string() }).nullish(),
  message: z.object({ ts: text, thread_ts: text, team: text }).nullish(),
  actions: z.array(z.object({ action_id: z.string(), block_id: text, type: z.string(), value: text, action_ts: text })),
});
export type BlockActions = z.infer<typeof BlockActions>;
