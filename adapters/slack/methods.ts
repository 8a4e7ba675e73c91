/** Every method of Slack's Web API that is called here; the manifest's scopes are checked against this list. */
export const slackMethods = [
  "agents.sessions.setStatus",
  "assistant.threads.setStatus",
  "assistant.threads.setSuggestedPrompts",
  "assistant.threads.setTitle",
  "auth.test",
  "chat.appendStream",
  "chat.delete",
  "chat.postEphemeral",
  "chat.postMessage",
  "chat.startStream",
  "chat.stopStream",
  "chat.update",
  "conversations.replies",
  "files.completeUploadExternal",
  "files.getUploadURLExternal",
  "files.info",
  "users.info",
  "views.open",
  "views.publish",
] as const;

/** Called by `answerLinks` for the part of the app that unfurls links, which asks for their scope. */
export const linkMethods = ["chat.unfurl", "entity.presentDetails"] as const;

/** Called with the app's own id and secret, without a token: they need no scope. */
export const appMethods = ["oauth.v2.access"] as const;

export type SlackMethod = (typeof slackMethods)[number] | (typeof linkMethods)[number] | (typeof appMethods)[number];
