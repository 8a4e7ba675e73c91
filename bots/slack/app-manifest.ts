import { listeners } from "./listeners/index.ts";
import { botScopes } from "./scopes.ts";
import { usesOf, type AllUses } from "./uses.ts";

export interface ManifestOptions {
  /** Where Slack reaches the Worker; https. */
  url: string;
  /** Slack sends through Socket Mode and needs to reach nothing. */
  socket?: boolean;
  /** Tokens that expire after twelve hours and are renewed; Slack lets nobody turn it off again. */
  rotation?: boolean;
  /** For tests; all parts of the app when absent. */
  uses?: AllUses;
}

/**
 * The app as Slack should set it up, made of what its parts say they use.
 * @see https://docs.slack.dev/reference/app-manifest
 */
export function appManifest({ url, socket = false, rotation = false, uses = usesOf(listeners) }: ManifestOptions) {
  const at = (path: string): string => new URL(path, url).href;
  // With Socket Mode Slack takes no addresses.
  const reach = (path: string) => (socket ? {} : { request_url: at(path) });
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: "Deckhand",
      description: "An agent that works in your threads: files, code, sites. It asks before it does harm.",
      background_color: "#1f3a5f",
    },
    features: {
      agent_view: {
        agent_description:
          "Reads what you drop in, runs code, keeps files and publishes small sites, in your own account.",
        suggested_prompts: [
          { title: "What can you do?", message: "What can you do?" },
          { title: "Make a small site", message: "Make a small site for a tea shop and publish it." },
        ],
      },
      app_home: { home_tab_enabled: uses.home, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "Deckhand", always_online: true },
      ...(uses.commands.length === 0
        ? {}
        : {
            slash_commands: uses.commands.map(({ command, description, usage }) => ({
              command,
              description,
              usage_hint: usage,
              should_escape: true,
              ...(socket ? {} : { url: at("/slack/commands") }),
            })),
          }),
      ...(uses.shortcuts.length === 0
        ? {}
        : {
            shortcuts: uses.shortcuts.map(({ kind, callbackId, name, description }) => ({
              type: kind,
              callback_id: callbackId,
              name,
              description,
            })),
          }),
      ...(uses.unfurls ? { unfurl_domains: [new URL(url).hostname] } : {}),
    },
    oauth_config: { redirect_urls: [at("/slack/oauth/callback")], scopes: { bot: [...botScopes] } },
    settings: {
      event_subscriptions: { ...reach("/slack/events"), bot_events: uses.events },
      interactivity: { is_enabled: true, ...reach("/slack/actions") },
      org_deploy_enabled: true,
      socket_mode_enabled: socket,
      token_rotation_enabled: rotation,
    },
  };
}
