import { z } from "zod";

/*
 * What Slack sends, as far as we read it. Loose: Slack adds keys at any time, and a key we do not read must not cost a
 * message. Shapes: https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/interaction-payloads
 */
const text = z.string().nullish();
// Ids and stamps become names of ours, so their form is asked for; anything else is nothing that Slack sends.
export const slackId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const id = slackId;
export const slackStamp = z.string().regex(/^\d{1,20}(?:\.\d{1,20})?$/);
const stamp = slackStamp;
const someId = z
  .literal("")
  .transform(() => null)
  .or(id)
  .nullish();
const someStamp = stamp.nullish();

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
  channel: someId,
  channel_type: text,
  user: someId,
  /** The person's own team, in a shared channel. */
  user_team: someId,
  source_team: someId,
  team: someId,
  bot_id: text,
  text,
  ts: stamp,
  thread_ts: someStamp,
  edited: z.unknown().optional(),
  hidden: z.boolean().nullish(),
  files: z.array(z.unknown()).nullish(),
  attachments: z.array(z.unknown()).nullish(),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

export const EventEnvelope = z.object({
  type: z.literal("event_callback"),
  team_id: someId,
  enterprise_id: someId,
  event_id: text,
  authorizations: z
    .array(z.object({ team_id: someId, enterprise_id: someId, user_id: someId, is_bot: z.boolean().nullish() }))
    .nullish(),
  event: z.looseObject({ type: z.string() }),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** Who acts, in what is no event: presses, forms, shortcuts. */
export const actor = z.object({ id, team_id: someId, username: text, name: text });
/** Where they act; on Grid Slack leaves out the one or the other. */
export const acting = {
  team: z.object({ id, enterprise_id: someId }).nullish(),
  enterprise: z.object({ id }).nullish(),
};
/** A view's own places; the app's is the organisation where that installed it. */
export const viewPlace = { team_id: someId, app_installed_team_id: someId };

export const BlockActions = z.object({
  type: z.literal("block_actions"),
  ...acting,
  user: actor,
  container: z.object({ type: text, message_ts: someStamp, thread_ts: someStamp, channel_id: someId }),
  channel: z.object({ id }).nullish(),
  message: z.object({ ts: someStamp, thread_ts: someStamp, team: someId }).nullish(),
  actions: z.array(
    z.object({ action_id: z.string(), block_id: text, type: z.string(), value: text, action_ts: someStamp }),
  ),
});
export type BlockActions = z.infer<typeof BlockActions>;
