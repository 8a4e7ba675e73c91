import { entityDetailsEvent, linkSharedEvent } from "./events.ts";
import { bounds } from "./limits.ts";
import type { MessageRecord } from "./records.ts";
import { app, type Channel } from "./seed.ts";
import { unescapeText } from "./text.ts";
import type { World } from "./world.ts";

/** The addresses in a message as Slack stores it, each once. */
export const linksIn = (stored: string): string[] =>
  [
    ...new Set([...stored.matchAll(/<(https?:[^>|]+)(?:\|[^>]*)?>/g)].map((match) => unescapeText(match[1] ?? ""))),
  ].slice(0, bounds.links);

/** The registered domain that a link is of; below it counts, a port only where it was registered. */
export function domainOf(url: string, domains: readonly string[]): string | null {
  if (!URL.canParse(url)) return null;
  const { host, hostname } = new URL(url);
  return domains.find((one) => one === host || one === hostname || hostname.endsWith(`.${one}`)) ?? null;
}

/** Tells the app of links to its own domains that a person has written and that were not there before. */
export function shareLinks(world: World, channel: Channel, message: MessageRecord, before: string): void {
  const { unfurlDomains } = world.setup;
  if (unfurlDomains.length === 0 || message.user === app.user) return;
  const known = new Set(linksIn(before));
  const links = linksIn(message.text).flatMap((url) => {
    const domain = known.has(url) ? null : domainOf(url, unfurlDomains);
    return domain === null ? [] : [{ domain, url }];
  });
  if (links.length === 0) return;
  world.sendEvent(linkSharedEvent(message, links, channel.members.includes(app.user), world.nextTs()));
}

/** Opens a Work Object for a person: the app is asked for its details, under a trigger. Null: the message has none such. */
export function openEntity(world: World, as: string, message: MessageRecord, url: string): string | null {
  const entity = message.entities.find((one) => one.url === url);
  if (entity === undefined) return null;
  const trigger = world.hooks.openTrigger(as, world.now(), entity.external_ref.id);
  world.sendEvent(entityDetailsEvent(as, message, entity, trigger, world.nextTs()));
  return trigger;
}
