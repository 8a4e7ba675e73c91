import type { ServedMethod } from "../contract/served.ts";
import { getPermalink, postEphemeral, postMessage, removeMessage, updateMessage } from "./chat.ts";
import type { Method } from "./common.ts";
import { openConnection, revokeToken } from "./connections.ts";
import { oauthAccess, oauthExchange } from "./oauth.ts";
import { channelInfo, channelMembers, history, openConversation, replies } from "./conversations.ts";
import { completeUpload, fileInfo, getUploadUrl } from "./files.ts";
import { presentDetails, unfurl } from "./links.ts";
import { addReaction, removeReaction } from "./reactions.ts";
import { authTest, botInfo, teamInfo, userInfo } from "./people.ts";
import { renameSession, setSessionStatus, setSuggestedPrompts, setThreadStatus, setTitle } from "./sessions.ts";
import { appendStream, startStream, stopStream } from "./stream.ts";
import { openView, publishView, pushView, updateView } from "./views.ts";

/** What each method does, by the name in the contract. */
export const methods: Record<ServedMethod, Method> = {
  "agents.sessions.rename": renameSession,
  "agents.sessions.setStatus": setSessionStatus,
  "assistant.threads.setStatus": setThreadStatus,
  "assistant.threads.setSuggestedPrompts": setSuggestedPrompts,
  "assistant.threads.setTitle": setTitle,
  "apps.connections.open": openConnection,
  "auth.revoke": revokeToken,
  "auth.test": authTest,
  "bots.info": botInfo,
  "chat.appendStream": appendStream,
  "chat.delete": removeMessage,
  "chat.getPermalink": getPermalink,
  "chat.postEphemeral": postEphemeral,
  "chat.postMessage": postMessage,
  "chat.startStream": startStream,
  "chat.stopStream": stopStream,
  "chat.unfurl": unfurl,
  "chat.update": updateMessage,
  "conversations.history": history,
  "conversations.info": channelInfo,
  "conversations.members": channelMembers,
  "conversations.open": openConversation,
  "conversations.replies": replies,
  "entity.presentDetails": presentDetails,
  "files.completeUploadExternal": completeUpload,
  "files.getUploadURLExternal": getUploadUrl,
  "files.info": fileInfo,
  "oauth.v2.access": oauthAccess,
  "oauth.v2.exchange": oauthExchange,
  "reactions.add": addReaction,
  "reactions.remove": removeReaction,
  "team.info": teamInfo,
  "users.info": userInfo,
  "views.open": openView,
  "views.publish": publishView,
  "views.push": pushView,
  "views.update": updateView,
};
