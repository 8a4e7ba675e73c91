import type { EntityCustomField, EntityMetadata } from "@slack/types";
import { z } from "zod";
import { actionIds } from "./actions.ts";
import type { SlackApi } from "./client.ts";
import { slackLimits } from "./limits.ts";
import { breakTokens, oneLine } from "./mrkdwn.ts";
import { EventEnvelope } from "./payloads.ts";

/*
 * Sites as Slack's Work Objects: in our own message, under a link of ours that somebody posts, and opened at the side.
 * https://docs.slack.dev/messaging/work-objects
 */

/** What is public about a site; nothing else goes into a Work Object, for everyone in the channel sees it. */
export interface SiteFacts {
  slug: string;
  title: string;
  /** Counts from 1. */
  version: number;
  files: number;
  /** Milliseconds since the epoch. */
  publishedAt?: number;
  /** Address of the picture that stands for it. */
  picture?: string | undefined;
}

/** At most so many links of one message are unfurled. */
const maxLinks = 5;
const refType = "site";

const plain = (text: string, max: number): string => oneLine(breakTokens(text), max);

/** A site as a Work Object. `url` is its address as we made it, `unfurl` the link exactly as somebody posted it. */
export function siteEntity(site: SiteFacts, url: string, unfurl?: string): EntityMetadata {
  const name = plain(site.title, slackLimits.headerChars) || site.slug;
  const fields: EntityCustomField[] = [
    { key: "state", label: "State", type: "string", value: "Public: anyone with the link" },
    { key: "version", label: "Version", type: "integer", value: site.version },
    { key: "files", label: "Files", type: "integer", value: site.files },
    ...(site.publishedAt === undefined
      ? []
      : [
          {
            key: "published",
            label: "Published",
            type: "slack#/types/timestamp",
            value: Math.floor(site.publishedAt / 1000),
          },
        ]),
  ];
  const image = { key: "picture", label: "Picture", type: "slack#/types/image", alt_text: `Picture of ${name}` };
  if (site.picture !== undefined) fields.push({ ...image, image_url: site.picture });
  return {
    entity_type: "slack#/entities/item",
    url,
    external_ref: { id: site.slug, type: refType },
    entity_payload: {
      attributes: {
        title: { text: name },
        display_type: "Site",
        display_id: `/sites/${site.slug}/`,
        product_name: "Deckhand",
      },
      custom_fields: fields,
      // A press on it is reported as well; it leads to the site by itself.
      actions: { primary_actions: [{ text: "Open site", action_id: actionIds.open, url }] },
    },
    ...(unfurl === undefined ? {} : { app_unfurl_url: unfurl }),
  };
}

/** The slug that a link names, when it is one of our own sites; null for every other link. Pure. */
export function slugOf(link: string, publicUrl: string): string | null {
  if (!URL.canParse(link) || !URL.canParse(publicUrl)) return null;
  const { origin, pathname, username, password } = new URL(link);
  if (origin !== new URL(publicUrl).origin || username !== "" || password !== "") return null;
  const slug = /^\/sites\/([a-z0-9](?:-?[a-z0-9])*)(?:\/|$)/.exec(pathname)?.[1];
  return slug === undefined || slug.length > 40 ? null : slug;
}

const LinkShared = z.object({
  type: z.literal("link_shared"),
  channel: z.string(),
  message_ts: z.string(),
  unfurl_id: z.string().nullish(),
  source: z.string().nullish(),
  links: z.array(z.object({ url: z.string() })),
});
const DetailsRequested = z.object({
  type: z.literal("entity_details_requested"),
  trigger_id: z.string(),
  entity_url: z.string().nullish(),
  app_unfurl_url: z.string().nullish(),
  external_ref: z.object({ id: z.string(), type: z.string().nullish() }),
});

/** What somebody did with links of ours. */
export type LinkInput =
  | { kind: "links"; where: Record<string, string>; links: { url: string; slug: string }[] }
  | { kind: "details"; trigger: string; slug: string };

/** A `link_shared` or `entity_details_requested` envelope, or null when it holds no link of ours. Pure. */
export function parseLinks(body: unknown, publicUrl: string): LinkInput | null {
  const envelope = EventEnvelope.safeParse(body);
  if (!envelope.success) return null;
  const shared = LinkShared.safeParse(envelope.data.event);
  if (shared.success) {
    const { channel, message_ts: ts, unfurl_id: id, source, links } = shared.data;
    const seen = [...new Set(links.map((link) => link.url))];
    const own = seen.flatMap((url) => {
      const slug = slugOf(url, publicUrl);
      return slug === null ? [] : [{ url, slug }];
    });
    if (own.length === 0) return null;
    const where: Record<string, string> = id && source ? { unfurl_id: id, source } : { channel, ts };
    return { kind: "links", where, links: own.slice(0, maxLinks) };
  }
  const asked = DetailsRequested.safeParse(envelope.data.event);
  if (!asked.success || asked.data.external_ref.type !== refType) return null;
  const { trigger_id: trigger, external_ref: ref } = asked.data;
  const slug = slugOf(`${new URL(publicUrl).origin}/sites/${ref.id}/`, publicUrl);
  return slug === null ? null : { kind: "details", trigger, slug };
}

export interface LinkParts {
  api: SlackApi;
  publicUrl: string;
  /** What is public of a site now; null when there is none of that name. */
  find: (slug: string) => Promise<SiteFacts | null>;
}

const addressOf = (slug: string, publicUrl: string): string => new URL(`/sites/${slug}/`, publicUrl).href;

/** The Work Object under one link, exactly as it was posted; null when there is no such site. Pure. */
export const unfurlOf = (link: string, site: SiteFacts | null, publicUrl: string): EntityMetadata | null =>
  site === null ? null : siteEntity(site, addressOf(site.slug, publicUrl), link);

/** What the side panel shows: the site, or a plain sentence that there is none. Arguments of `entity.presentDetails`. */
export function detailsOf(site: SiteFacts | null, trigger: string, publicUrl: string): Record<string, unknown> {
  if (site !== null) return { trigger_id: trigger, metadata: siteEntity(site, addressOf(site.slug, publicUrl)) };
  return {
    trigger_id: trigger,
    error: { status: "not_found", custom_message: "This site is not published any more." },
  };
}

const Done = z.object({ ok: z.literal(true) });

/**
 * Answers what {@link parseLinks} found. Nothing is unfurled that is not a published site of ours.
 * @throws KernelError as `SlackApi.call` does
 */
export async function answerLinks({ api, publicUrl, find }: LinkParts, input: LinkInput): Promise<void> {
  if (input.kind === "details") {
    await api.call("entity.presentDetails", detailsOf(await find(input.slug), input.trigger, publicUrl), Done);
    return;
  }
  const entities: EntityMetadata[] = [];
  for (const link of input.links) {
    const made = unfurlOf(link.url, await find(link.slug), publicUrl);
    if (made !== null) entities.push(made);
  }
  if (entities.length === 0) return;
  await api.call("chat.unfurl", { ...input.where, unfurls: {}, metadata: { entities } }, Done);
}
