import { checkBlocks } from "../blocks.ts";
import { fieldsOf, isFields, textOf, type Fields } from "../json.ts";
import { linksIn } from "../links.ts";
import type { PageDetails } from "../page-api.ts";
import { changeMessage } from "../posting.ts";
import { Entity, type MessageRecord, type Unfurl } from "../records.ts";
import { SlackError } from "../slack-error.ts";
import type { World } from "../world.ts";
import { optionalText } from "./common.ts";
import { makeIds, readEntities } from "./content.ts";

/** The message that is meant, by its channel and stamp or by the id that came with `link_shared`. */
function target(world: World, args: Fields): MessageRecord {
  const id = optionalText(args, "unfurl_id");
  const [, channel, ...stamp] = (id ?? "").split(".");
  if (id !== undefined && optionalText(args, "source") === undefined) throw new SlackError("missing_source");
  if (id === undefined && optionalText(args, "channel") === undefined) throw new SlackError("missing_channel");
  if (id === undefined && optionalText(args, "ts") === undefined) throw new SlackError("missing_ts");
  const message =
    id === undefined
      ? world.messages.get(textOf(args.channel), textOf(args.ts))
      : world.messages.get(channel ?? "", stamp.join("."));
  if (message === null) throw new SlackError(id === undefined ? "cannot_find_message" : "invalid_unfurl_id");
  return message;
}

function readUnfurl(url: string, raw: unknown): Unfurl {
  if (!isFields(raw)) throw new SlackError("invalid_unfurls_format");
  const blocks = raw.blocks === undefined ? [] : makeIds(checkBlocks(raw.blocks, "message", `/unfurls/${url}/blocks`));
  const unfurl = { url, blocks, title: textOf(raw.title), text: textOf(raw.text) };
  if (blocks.length === 0 && unfurl.title === "" && unfurl.text === "") throw new SlackError("cannot_parse_attachment");
  return unfurl;
}

/** https://docs.slack.dev/reference/methods/chat.unfurl */
export function unfurl(world: World, args: Fields): Fields {
  const message = target(world, args);
  const entities = readEntities(args) ?? [];
  if (args.unfurls === undefined && entities.length === 0 && args.user_auth_required !== true) {
    throw new SlackError("missing_unfurls");
  }
  const written = linksIn(message.text);
  const unfurls = Object.entries(fieldsOf(args.unfurls)).map(([url, raw]) => readUnfurl(url, raw));
  const urls = [...unfurls.map((one) => one.url), ...entities.map((one) => one.app_unfurl_url ?? "")];
  if (urls.some((url) => !written.includes(url))) throw new SlackError("cannot_unfurl_url");
  const others = message.unfurls.filter((old) => !unfurls.some((one) => one.url === old.url));
  const kept = message.entities.filter((old) => !entities.some((one) => one.url === old.url));
  changeMessage(world, message, {
    ...message,
    unfurls: [...others, ...unfurls],
    entities: [...kept, ...entities],
  });
  return {};
}

/** https://docs.slack.dev/reference/methods/entity.presentDetails */
export function presentDetails(world: World, args: Fields): Fields {
  const authUrl = args.user_auth_required === true ? (optionalText(args, "user_auth_url") ?? "") : null;
  if (authUrl === "") throw new SlackError("user_auth_url_missing");
  const error = fieldsOf(args.error);
  const failure = textOf(error.custom_message) || textOf(error.custom_title) || textOf(error.status) || null;
  const parsed = args.metadata === undefined ? null : Entity.safeParse(args.metadata);
  if (parsed?.success === false || (parsed === null && authUrl === null && failure === null)) {
    throw new SlackError("invalid_metadata");
  }
  const triggerId = textOf(args.trigger_id);
  const trigger = world.hooks.useTrigger(triggerId, world.now());
  if (typeof trigger === "string" || trigger.entity === "") throw new SlackError("invalid_trigger_id");
  const entity = parsed?.data ?? null;
  if (entity !== null && entity.external_ref.id !== trigger.entity) {
    throw new SlackError("entity_metadata_does_not_match_trigger");
  }
  const details: PageDetails = { triggerId, entity, error: failure, authUrl };
  world.feed.toPerson(trigger.user, { type: "details", details });
  world.feed.toTests({ type: "details-of", to: trigger.user, details });
  return {};
}
