/** Every method of Slack's Web API that is called here; the manifest's scopes are checked against this list. */
export const slackMethods = [
  "agents.sessions.setStatus",
  "assistant.threads.setStatus",
  "auth.test",
  "chat.appendStream",
  "chat.delete",
  "chat.postEphemeral",
  "chat.postMessage",
  "chat.startStream",
  "chat.stopStream",
  "chat.update",
  "conversations.replies",
  "files.info",
  "users.info",
] as const;
export type SlackMethod = (typeof slackMethods)[number];
