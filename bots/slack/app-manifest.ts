import { subscribedEvents } from "./subscriptions.ts";

/** What the app may do in a workspace, and why. A test holds this against every method that is called. */
export const botScopes = [
  "app_mentions:read", // to be mentioned
  "assistant:write", // the agent's own view
  "channels:history", // follow-ups in threads, and what was said before
  "chat:write", // answers, cards, status
  "files:read", // files that are dropped in
  "groups:history",
  "im:history",
  "mpim:history",
  "users:read", // names in place of ids
] as const;

/**
 * The app as Slack should set it up, for a Worker at `url`.
 * @see https://docs.slack.dev/reference/app-manifest
 */
export function appManifest(url: string) {
  const at = (path: string): string => new URL(path, url).href;
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
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "Deckhand", always_online: true },
    },
    oauth_config: { scopes: { bot: [...botScopes] } },
    settings: {
      event_subscriptions: { request_url: at("/slack/events"), bot_events: [...subscribedEvents] },
      interactivity: { is_enabled: true, request_url: at("/slack/actions") },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}
