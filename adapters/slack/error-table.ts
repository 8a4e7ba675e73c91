import type { SlackMethod } from "./methods.ts";

/**
 * What is done about an error of Slack's.
 * - `retry`: the same call later, as the caller of `present` does
 * - `fall_back`: the same shown in another way (posted in place of streamed, text in place of blocks, a sentence in place
 *   of a file), or left out where it is only an ornament
 * - `tell_person`: nothing can be shown in this thread; the person who asked is told in their DM with the app
 * - `tell_owner`: the app's installation or the workspace's plan is wrong; the error goes to the log with what to do
 * - `cannot_happen`: we never call so; if it comes all the same the call is given up and logged, and never looped over
 */
export type Sort = "retry" | "fall_back" | "tell_person" | "tell_owner" | "cannot_happen";
export interface SortedError {
  sort: Sort;
  why: string;
}

type Row = [sort: Sort, why: string, codes: string];

const streams = ["chat.startStream", "chat.appendStream", "chat.stopStream"] as const;
const files = ["files.getUploadURLExternal", "files.completeUploadExternal"] as const;
const ornaments = [
  "agents.sessions.setStatus",
  "assistant.threads.setStatus",
  "assistant.threads.setTitle",
  "assistant.threads.setSuggestedPrompts",
] as const;

/** For every method, unless the method has a row of its own. */
const common: Row[] = [
  ["retry", "Slack's own trouble, over in a moment", "internal_error fatal_error service_unavailable request_timeout"],
  ["retry", "after the time that Slack names", "ratelimited rate_limited"],
  [
    "tell_owner",
    "the token is not this app's, or was taken back: a new one must be set",
    "invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type two_factor_setup_required",
  ],
  ["tell_owner", "reinstall with the generated manifest", "missing_scope no_permission accesslimited access_denied"],
  [
    "tell_owner",
    "an administrator or the plan of the workspace forbids it",
    "app_access_restricted ekm_access_denied message_limit_exceeded messages_tab_disabled team_access_not_granted external_channel_migrating org_login_required",
  ],
  ["tell_owner", "the app is installed in another workspace", "team_not_found"],
  ["tell_person", "the app is not in the channel, or cannot see it", "not_in_channel channel_not_found"],
  ["tell_person", "nobody can write there any more", "is_archived cannot_reply_to_message"],
  [
    "tell_person",
    "the channel's rules keep the app from writing there",
    "restricted_action restricted_action_non_threadable_channel restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel posting_to_channel_denied",
  ],
  [
    "cannot_happen",
    "the message that is copied is another app's affair",
    "duplicate_channel_not_found duplicate_message_not_found",
  ],
  ["cannot_happen", "as_user is never sent", "as_user_not_supported"],
  [
    "cannot_happen",
    "no attachments are sent",
    "attachment_payload_limit_exceeded invalid_attachments too_many_attachments",
  ],
  ["cannot_happen", "no contact cards are sent", "too_many_contact_cards"],
  [
    "cannot_happen",
    "no drafts are sent",
    "draft_already_deleted draft_already_sent draft_has_conflict draft_not_found",
  ],
  ["cannot_happen", "the app speaks for itself only", "send_on_behalf_not_allowed"],
  ["cannot_happen", "no file blocks are sent", "missing_file_data"],
  [
    "cannot_happen",
    "our messages hold no files of shared channels",
    "slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked slack_connect_blocked_file_type slack_connect_clip_sharing_blocked slack_connect_file_upload_sharing_blocked",
  ],
  [
    "fall_back",
    "once more as text alone, in short messages",
    "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_blocks_too_many msg_too_long markdown_text_conflict no_text block_mismatch invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app",
  ],
];

const of = (methods: readonly SlackMethod[], ...rows: Row[]): [readonly SlackMethod[], Row[]] => [methods, rows];

/** Where a method means something else by it. */
const own: [readonly SlackMethod[], Row[]][] = [
  of(
    streams,
    [
      "fall_back",
      "no stream here: posted and updated in its place",
      "channel_type_not_supported missing_recipient_team_id missing_recipient_user_id user_not_found not_subscribed_to_message_stream_stopped messaging_processing_failed invalid_chunks missing_scope unknown_method feature_disabled",
    ],
    [
      "fall_back",
      "the stream has ended: the message is edited from then on",
      "message_not_in_streaming_state stopped_by_user",
    ],
    [
      "fall_back",
      "deleted by somebody: what is new stands in a new message",
      "message_not_found message_not_owned_by_app",
    ],
    ["fall_back", "a stream of ours goes on as an edited message", "team_not_found cannot_reply_to_message"],
  ),
  of(
    ["chat.startStream"],
    ["fall_back", "posted in its place, where Slack says what is wrong", "team_not_found"],
    ["fall_back", "posts have limits of their own: posted in its place", "ratelimited rate_limited"],
  ),
  of(
    ["chat.update"],
    ["fall_back", "the stream is ended first", "streaming_state_conflict"],
    [
      "fall_back",
      "deleted or closed: what is new stands in a new message",
      "message_not_found cant_update_message edit_window_closed is_inactive",
    ],
    ["retry", "Slack's own trouble", "update_failed"],
    [
      "cannot_happen",
      "no files are updated",
      "blocked_file_type file_deleted file_is_deleted file_not_found file_share_limit_reached max_file_sharing_exceeded unable_to_share_files",
    ],
    ["cannot_happen", "nothing is broadcast", "cant_broadcast_message no_dual_broadcast_content_update"],
  ),
  of(
    ["chat.delete"],
    ["fall_back", "it is gone already, or stays as it is", "message_not_found cant_delete_message channel_not_found"],
  ),
  of(
    ["chat.postEphemeral"],
    ["fall_back", "only the person in question misses it", "user_not_in_channel"],
    [
      "cannot_happen",
      "a whisper is text alone",
      "invalid_blocks invalid_blocks_format markdown_text_conflict no_text msg_too_long",
    ],
  ),
  of(
    ["conversations.replies"],
    ["tell_person", "the thread's root is gone", "thread_not_found"],
    ["tell_owner", "the app is not meant for such a conversation", "method_not_supported_for_channel_type"],
    [
      "cannot_happen",
      "stamps and cursors are Slack's own; no such filter or list is asked for",
      "invalid_cursor invalid_ts_latest invalid_ts_oldest invalid_metadata_filter_keys list_record_comment_fetch_failed",
    ],
  ),
  of(
    files,
    [
      "fall_back",
      "what is wrong is said in its place, and where the file is saved",
      "access_denied missing_scope storage_limit_reached",
    ],
    [
      "fall_back",
      "the workspace does not take such a file",
      "file_type_not_allowed file_upload_size_restricted file_uploads_disabled file_uploads_except_images_disabled alt_txt_too_large snippet_too_large invalid_blocks",
    ],
    ["fall_back", "the bytes did not arrive, or it was shared before", "file_not_found file_update_failed"],
    ["fall_back", "the place is said to be wrong: a message in it says so too", "posting_to_channel_denied"],
    [
      "cannot_happen",
      "every argument is given, and no snippet is made",
      "missing_argument unknown_snippet_type unknown_subtype",
    ],
    ["cannot_happen", "one channel, whose id Slack gave", "channels_limit_exceeded invalid_channel"],
  ),
  of(
    ["files.info"],
    [
      "tell_person",
      "the file cannot be had: the answer names it",
      "file_not_found file_deleted file_is_deleted not_visible template_not_visible access_denied",
    ],
    [
      "tell_person",
      "a canvas that the workspace does not show to apps",
      "canvas_disabled_file_team canvas_disabled_user_team canvas_globally_disabled slack_connect_canvas_sharing_blocked",
    ],
  ),
  of(["users.info"], ["fall_back", "their id stands for the name", "user_not_found user_not_visible too_many_users"]),
  of(ornaments, [
    "fall_back",
    "an older line, or none: a status fails no turn",
    "feature_disabled not_authorized invalid_status thread_ts_required thread_ts_not_allowed user_not_found channel_not_found invalid_thread_ts message_not_found not_agent_app reserved_username missing_scope",
  ]),
  of(
    ["chat.unfurl", "entity.presentDetails"],
    [
      "fall_back",
      "the link stays a link",
      "cannot_find_channel cannot_find_message cannot_unfurl_message cannot_unfurl_url invalid_unfurl_id invalid_trigger_id entity_metadata_does_not_match_trigger feature_not_enabled invalid_metadata cannot_find_service",
    ],
    [
      "cannot_happen",
      "message and unfurls are named, nobody is asked to sign in, no attachments, no inputs",
      "missing_channel missing_source missing_ts missing_unfurl_id missing_unfurls invalid_source invalid_unfurls_format cannot_auth_user cannot_prompt cannot_parse_attachment user_auth_url_missing missing_interactivity_url missing_options_load_url invalid_app_id invalid_metadata_format",
    ],
  ),
  of(
    ["views.open", "views.publish"],
    [
      "tell_person",
      "the press was too long ago, or the window is gone: press again",
      "expired_trigger_id exchanged_trigger_id invalid_trigger_id",
    ],
    ["fall_back", "somebody else changed it in between: made anew when it is opened again", "hash_conflict"],
    ["tell_owner", "the Home tab is not switched on", "not_enabled"],
    [
      "cannot_happen",
      "views are cut to Slack's lengths and have no ids of their own",
      "view_too_large duplicate_external_id missing_profile_id not_implemented",
    ],
  ),
  of(
    ["oauth.v2.access"],
    [
      "tell_owner",
      "the app's id, secret or redirect address is not the one in Slack",
      "bad_client_secret bad_redirect_uri invalid_client_id no_scopes oauth_authorization_url_mismatch cannot_install_an_org_installed_app preview_feature_not_available",
    ],
    [
      "tell_person",
      "the installation took too long or was begun twice: begin it again",
      "invalid_code user_email_unverified",
    ],
    ["tell_owner", "the installation's tokens are gone: install again", "invalid_refresh_token"],
    [
      "cannot_happen",
      "no PKCE, and the grant type is ours",
      "invalid_code_verifier invalid_grant_type pkce_not_allowed",
    ],
  ),
];

const read = (rows: readonly Row[]): [string, SortedError][] =>
  rows.flatMap(([sort, why, codes]) => codes.split(" ").map((code): [string, SortedError] => [code, { sort, why }]));

const everywhere = new Map(read(common));
const byMethod = new Map<SlackMethod, Map<string, SortedError>>();
for (const [methods, rows] of own)
  for (const method of methods) byMethod.set(method, new Map([...(byMethod.get(method) ?? []), ...read(rows)]));

/** What is done about an error of a method; null for one that Slack does not name for it. */
export const sortOf = (method: SlackMethod, code: string): SortedError | null =>
  byMethod.get(method)?.get(code) ?? everywhere.get(code) ?? null;
