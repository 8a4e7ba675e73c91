import { z } from "zod";
import { slackClient, type SlackApi } from "../../adapters/slack/client.ts";
import type { Finding } from "../../adapters/slack/commands.ts";
import type { ChatAction } from "../../kernel/chat/types.ts";
import type { Outcome } from "../../kernel/errors.ts";
import type { UserId } from "../../kernel/ids.ts";
import { limits } from "../../kernel/limits.ts";
import type { KernelPort } from "../../kernel/user/types.ts";
import type { Log } from "./log.ts";
import type { TeamTokens } from "./tokens.ts";

/** What Home, commands and forms need of the house. */
export interface People {
  /** A person's own Kernel. */
  person(user: UserId): Pick<KernelPort, "overview" | "settings" | "saveSettings">;
  /** Whether a thread would take a change of what waits for a decision in it. */
  checkRevision(press: ChatAction): Promise<Outcome<null>>;
  /** What is on and off, and why, with the model that a person has set (null: the owner's). */
  features(model: string | null): readonly Finding[];
  /** Goes on after the request has been answered. `work` catches its own errors. */
  later(work: Promise<void>): void;
}

/** The same, and Slack. */
export interface Desk extends People {
  /** Slack's Web API with the token of a workspace or organisation. */
  api(place: string): SlackApi;
  /** The workspace's own address, for links; null when Slack does not say just now. */
  workspaceUrl(place: string): Promise<string | null>;
}

const AuthTest = z.object({ url: z.url() });

export function deskOf(people: People, tokens: TeamTokens, apiUrl: string, log: Log): Desk {
  const api = (place: string): SlackApi => slackClient({ token: tokens.of(place), apiUrl });
  const urls = new Map<string, string>();
  return {
    person: (user) => people.person(user),
    checkRevision: (press) => people.checkRevision(press),
    features: (model) => people.features(model),
    later: (work) => people.later(work),
    api,
    async workspaceUrl(place) {
      const seen = urls.get(place);
      if (seen !== undefined) return seen;
      try {
        const { url } = await api(place).call("auth.test", {}, AuthTest);
        const oldest = urls.keys().next().value;
        if (urls.size >= limits.installation.maxLeases && oldest !== undefined) urls.delete(oldest);
        urls.set(place, url);
        return url;
      } catch (thrown) {
        // A list without links is still a list.
        log.warn("slack: the workspace's address could not be read", { place, thrown });
        return null;
      }
    },
  };
}
