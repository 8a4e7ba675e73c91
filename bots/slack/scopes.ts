/**
 * What the app may do in a workspace, and why. A test holds this against every method that is called, every event and
 * every command: nothing is missing, nothing is asked for that is not used.
 */
export const botScopes = [
  "app_mentions:read", // to be mentioned
  "assistant:write", // the agent's own view
  "channels:history", // follow-ups in threads, and what was said before
  "chat:write", // answers, cards, status
  "commands", // /deckhand, and "Ask Deckhand about this"
  "files:read", // files that are dropped in
  "files:write", // files that it makes
  "groups:history",
  "im:history",
  "links:read", // links to sites that it has published
  "links:write", // and what is behind them
  "mpim:history",
  "users:read", // names in place of ids
] as const;
