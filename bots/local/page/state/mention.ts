import type { PagePerson } from "../../workspace/page-api.ts";

/** An "@…" being written: where it starts, and what of the name is there. */
export interface Mention {
  start: number;
  query: string;
}

/** The mention the caret stands in, or null. A name may hold one space ("@Grace Ho"). */
export function mentionAt(text: string, caret: number): Mention | null {
  const head = text.slice(0, caret);
  const match = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,30}(?: [\p{L}\p{N}._-]{1,30})?)$/u.exec(head);
  const query = match?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

/** Whom the words fit: the bot first, then those whose name starts with them, then the rest. At most eight. */
export function candidates(people: readonly PagePerson[], query: string): PagePerson[] {
  const wanted = query.toLowerCase();
  const names = (p: PagePerson) => [p.name.toLowerCase(), p.realName.toLowerCase()];
  const rank = (p: PagePerson) => (p.bot ? 0 : names(p).some((n) => n.startsWith(wanted)) ? 1 : 2);
  return people
    .filter((p) => names(p).some((n) => n.includes(wanted)))
    .toSorted((a, b) => rank(a) - rank(b) || a.realName.localeCompare(b.realName))
    .slice(0, 8);
}

const quoteForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What was typed, with `@Deckhand` as `<@U…>`. The workspace escapes the rest, as Slack's own composer does. */
export function encode(text: string, people: readonly PagePerson[]): string {
  const ids = new Map<string, string>();
  for (const p of people.toReversed()) {
    ids.set(p.name.toLowerCase(), p.id);
    ids.set(p.realName.toLowerCase(), p.id);
  }
  // Longest first, or "@Grace Hopper" would be read as "@Grace" and a surname.
  const names = [...ids.keys()].filter((n) => n !== "").sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const pattern = new RegExp(`(^|[^\\p{L}\\p{N}])@(${names.map(quoteForPattern).join("|")})(?![\\p{L}\\p{N}])`, "giu");
  return text.replace(pattern, (whole, lead: string, name: string) => {
    const id = ids.get(name.toLowerCase());
    return id === undefined ? whole : `${lead}<@${id}>`;
  });
}

const typedName = (people: readonly PagePerson[], id: string): string => {
  const person = people.find((p) => p.id === id);
  return person === undefined ? id : person.realName || person.name;
};

/** Back to what a person would type, for editing. */
export function decode(text: string, people: readonly PagePerson[]): string {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${typedName(people, id)}`)
    .replace(/<((?:https?|mailto):[^|>]*)(?:\|([^>]*))?>/g, (_, url: string) => url.replace(/^mailto:/, ""))
    .replace(/&(amp|lt|gt);/g, (_, name: string) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
}
