import type { App } from "@slack/bolt";
import type { SiteFacts } from "../../../adapters/slack/links.ts";
import type { ChatInput } from "../../../kernel/chat/types.ts";
import type { Desk } from "../desk.ts";
import type { Log } from "../log.ts";
import type { Access, Revoked } from "../tokens.ts";

export interface SlashCommand {
  command: `/${string}`;
  description: string;
  /** What may follow the command; shown while it is typed. */
  usage: string;
}

export interface Shortcut {
  kind: "message" | "global";
  callbackId: string;
  /** What the menu says; 24 characters at most. */
  name: string;
  description: string;
}

/**
 * What one part of the app wants of Slack. The manifest asks for the sum of these and for nothing else, so a listener
 * that goes takes its subscription along.
 */
export interface Uses {
  /** Bot events as the manifest names them: `message.im`, where Bolt says `message`. */
  events?: readonly string[];
  commands?: readonly SlashCommand[];
  shortcuts?: readonly Shortcut[];
  /** It publishes the Home tab. */
  home?: true;
  /** It unfurls links to this Worker. */
  unfurls?: true;
}

export interface ListenerParts {
  /** Stores one input; a request is acknowledged when this is done. */
  intake(input: ChatInput): Promise<void>;
  /** Ends an installation, unless it is newer than the news. */
  revoke(revoked: Revoked): Promise<void>;
  /** Which workspaces an organisation's installation serves. */
  access(access: Access): Promise<void>;
  /** For what is answered at once: Home, commands, forms. */
  desk: Desk;
  log: Log;
  /** Bots whose messages are answered like a person's. */
  allowedBots?: ReadonlySet<string>;
  /** What is public on this Worker; absent where no links are shown. */
  sites?: SitesHere;
}

export interface SitesHere {
  apiUrl: string;
  /** Where sites are served, without a slash at the end. */
  publicUrl: string;
  find(slug: string): Promise<SiteFacts | null>;
}

/** One part of the app: what it wants of Slack, and the Bolt listeners that are its use. A test compares the two. */
export interface Listener {
  uses: Uses;
  listen(app: App, parts: ListenerParts): void;
}
