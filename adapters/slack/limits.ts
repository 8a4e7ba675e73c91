/**
 * Slack's limits, each with where Slack says so, and our own margins below them. Units are in the names.
 */
export const slackLimits = {
  /** @see https://docs.slack.dev/reference/block-kit/blocks */
  blocksPerMessage: 50,
  /** @see https://docs.slack.dev/reference/views (Home and modals) */
  blocksPerView: 100,
  viewTitleChars: 24,
  viewMetadataChars: 3000,
  /** @see https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element (`initial_value`, `max_length`) */
  inputChars: 3000,
  labelChars: 2000,
  /** @see https://docs.slack.dev/reference/block-kit/blocks/header-block */
  headerChars: 150,
  /** @see https://docs.slack.dev/reference/block-kit/blocks/section-block */
  sectionChars: 3000,
  /** @see https://docs.slack.dev/reference/block-kit/blocks/markdown-block (all of a message together) */
  markdownChars: 12_000,
  /** @see https://docs.slack.dev/reference/block-kit/blocks/actions-block */
  actionsPerBlock: 25,
  /** @see https://docs.slack.dev/reference/block-kit/block-elements/button-element */
  buttonTextChars: 75,
  buttonValueChars: 2000,
  actionIdChars: 255,
  /** @see https://docs.slack.dev/reference/methods/chat.update (`text`; `msg_too_long` above) */
  updateTextChars: 4000,
  /** @see https://docs.slack.dev/reference/methods/chat.appendStream (chunks: `task_update` details and output) */
  taskFieldChars: 256,
  /** @see https://docs.slack.dev/reference/block-kit/blocks/table-block (rows with the head, characters of all cells; one table a message) */
  tableRows: 100,
  tableColumns: 20,
  tableChars: 10_000,
  /** @see https://docs.slack.dev/reference/methods/files.getUploadURLExternal (`alt_txt_too_large` above) */
  altTextChars: 1000,
  /** @see https://docs.slack.dev/reference/methods/agents.sessions.setStatus */
  sessionTitleChars: 200,
  /** @see https://docs.slack.dev/reference/methods/conversations.replies */
  repliesPerPage: 200,
  /** @see https://docs.slack.dev/apis/web-api/rate-limits (calls a minute: `chat.startStream`, `stopStream`) */
  tier2PerMinute: 20,
  /** `chat.update`, `conversations.replies`, `agents.sessions.setStatus` */
  tier3PerMinute: 50,
  /** `chat.appendStream`, `chat.postEphemeral`, `files.info` */
  tier4PerMinute: 100,
  /** @see https://docs.slack.dev/authentication/verifying-requests-from-slack */
  signatureAgeMs: 5 * 60 * 1000,
} as const;

/** What we keep to, below Slack's limits. */
export const ours = {
  /** A person's name is asked for again after this. */
  nameKeptMs: 60 * 60 * 1000,
  namesKept: 1_000,
  /** A stream dies at about 12,000 characters; a message of ours is closed before that. Bytes of UTF-8. */
  messageBytes: 11_000,
  /** A message of `text` alone. */
  plainChars: 3900,
  /** Messages of one answer; what is longer is a file in the thread. */
  answerMessages: 5,
  /** Cells of a table that is shown as a table; it must fit into a message of its own. Bytes of UTF-8. */
  tableBytes: 10_000,
  /** Of a larger table these rows are shown, and so many characters of them. */
  tableFirstRows: 20,
  tablePreviewChars: 6000,
  /** A file that could not be uploaded so often is given up. */
  uploadTries: 3,
  /** A stream dies about 5 minutes after its start. */
  streamMs: 240_000,
  taskTitleChars: 150,
  /** A thread's state that Slack did not take is tried so often, at least so long apart. */
  statusTries: 40,
  statusAgainMs: 1_000,
  /** Body of a card that is shown with the buttons; what is longer goes in messages before it. */
  cardBodyChars: 9000,
  /** Cards in Home, and what is decided there is shown whole; a longer one is decided in its thread. */
  homeCards: 8,
  homeBodyChars: 3000,
  /** Of a message that is asked about, as it goes along with the form; the thread has all of it. */
  quoteChars: 1200,
  fallbackChars: 300,
  /** Pages read of one thread. */
  historyPages: 10,
  callTimeoutMs: 15_000,
  downloadTimeoutMs: 60_000,
  redirects: 3,
  /** Body of one request from Slack. */
  requestBytes: 1024 * 1024,
} as const;
