import type { PagePerson } from "./page-api.ts";

/** The one workspace there is, its app, its people and its channels. Ids have the form of Slack's. */
export const team = { id: "T0LOCAL", name: "Deckhand Local", domain: "deckhand-local" } as const;
export const app = { id: "A0DECK", bot: "B0DECK", user: "U0DECK", name: "Deckhand" } as const;

/** The company on the other side of the shared channel. */
export const otherTeam = { id: "T0OTHER", name: "Acme", domain: "acme" } as const;

export const people: readonly PagePerson[] = [
  { id: "U0ADA", name: "ada", realName: "Ada", color: "#b4436c", bot: false },
  { id: "U0GRACE", name: "grace", realName: "Grace", color: "#2f7f6f", bot: false },
  { id: "U0LINUS", name: "linus", realName: "Linus", color: "#3b6ea8", bot: false },
  { id: "U0CARLA", name: "carla", realName: "Carla", color: "#a5672a", bot: false, external: otherTeam.name },
  { id: app.user, name: "deckhand", realName: app.name, color: "#5b4bb2", bot: true },
];

/** The workspace a person is of. */
export const teamOf = (user: string): { id: string; name: string; domain: string } =>
  people.some((person) => person.id === user && person.external !== undefined) ? otherTeam : team;

export interface Channel {
  id: string;
  name: string;
  kind: "channel" | "dm";
  members: string[];
  /** Shared with the other company by Slack Connect. */
  shared?: boolean;
}

const ours = people.filter((person) => person.external === undefined);
const everyone = ours.map((person) => person.id);
export const seedChannels = (): Channel[] => [
  { id: "C0GENERAL", name: "general", kind: "channel", members: [...everyone] },
  { id: "C0RANDOM", name: "random", kind: "channel", members: [...everyone] },
  { id: "C0PROJECT", name: "project", kind: "channel", members: [...everyone] },
  {
    id: "C0SHARED",
    name: "shared-acme",
    kind: "channel",
    members: people.map((person) => person.id),
    shared: true,
  },
  ...ours
    .filter((person) => !person.bot)
    .map((person) => ({
      id: `D${person.id.slice(1)}`,
      name: app.name,
      kind: "dm" as const,
      members: [person.id, app.user],
    })),
];

/** What the installed app was granted; a method that needs another answers `missing_scope`. */
export const botScopes: readonly string[] = [
  "app_mentions:read",
  "assistant:write",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "links:read",
  "links:write",
  "reactions:read",
  "reactions:write",
  "team:read",
  "users:read",
];
