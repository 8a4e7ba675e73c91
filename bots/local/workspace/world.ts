import type { ThreadStore } from "./thread-store.ts";
import type { Feed } from "./feed.ts";
import type { FileStore } from "./file-store.ts";
import type { Fields } from "./json.ts";
import type { MessageStore } from "./message-store.ts";
import type { PageMessage } from "./page-api.ts";
import type { Ring } from "./ring.ts";
import { team, teamOf, type Channel } from "./seed.ts";
import type { Hooks } from "./hooks.ts";
import type { Setup } from "./setup.ts";
import type { SocketMode } from "./socket-mode.ts";
import type { Tokens } from "./tokens.ts";

/** Where the Worker listens; null for what it does not serve. */
export interface WorkerUrls {
  eventsUrl: string | null;
  actionsUrl: string | null;
  commandsUrl: string | null;
  traceUrl: string | null;
  /** Where terminals are opened; null where there is no computer to have one in. */
  terminalUrl: string | null;
  /** It is being started again, and hears nothing. */
  away: boolean;
}

/** An ephemeral message: seen by one person, kept only so that its buttons can be pressed. */
export interface Ephemeral {
  to: string;
  message: PageMessage;
}

/** Everything a part of the workspace may need. */
export interface World {
  readonly signingSecret: string;
  readonly botToken: string;
  readonly worker: WorkerUrls;
  readonly channels: Channel[];
  readonly messages: MessageStore;
  readonly files: FileStore;
  readonly threads: ThreadStore;
  readonly feed: Feed;
  readonly hooks: Hooks;
  readonly setup: Setup;
  readonly tokens: Tokens;
  readonly sockets: SocketMode;
  readonly ephemerals: Ring<Ephemeral>;
  /** The workspace's own address, without a slash at its end. */
  origin: () => string;
  now: () => number;
  /** The clock that a test cannot move: a signature stamped by another would be refused by the Worker as too old or new. */
  signingNow: () => number;
  nextTs: () => string;
  /** Sends an event to the Worker, kept until it was acknowledged or given up; `place` is another installation's team. */
  sendEvent: (event: Fields, place?: string) => void;
  /** Somebody has more or less to read, or is in another channel. */
  channelsChanged: () => void;
}

export const channelById = (world: World, id: string): Channel | undefined =>
  world.channels.find((channel) => channel.id === id);

/** Whether the app is installed: only then does it hear of anything. `place` is another installation's team. */
export const isInstalled = (world: World, place: string = team.id): boolean =>
  world.tokens.installedIn([place, ...(world.setup.grid === null ? [] : [world.setup.grid.id])]);

/** Everyone of the workspace may look into every channel; a DM is its two people's, and a guest sees where they are. */
export const maySee = (channel: Channel | undefined, user: string): boolean =>
  channel !== undefined &&
  ((channel.kind === "channel" && teamOf(user).id === team.id) || channel.members.includes(user));
