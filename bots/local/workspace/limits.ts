/** Bounds of the local workspace. What is Slack's names its source; the rest keeps one process small. */
export const bounds = {
  /** Slack takes 1 GB; this is enough to be over every limit of ours. */
  uploadBytes: 64 * 1024 * 1024,
  bodyBytes: 4 * 1024 * 1024,
  filesPerMessage: 10,
  /** Longer text is cut. https://docs.slack.dev/changelog/2018-truncating-really-long-messages */
  textChars: 40_000,
  markdownChars: 12_000,
  updateTextChars: 4_000,
  stream: { ageMs: 5 * 60_000, chars: 12_000, chunkFieldChars: 256 },
  statusMs: 2 * 60_000,
  /** https://docs.slack.dev/apis/events-api#retries */
  delivery: { timeoutMs: 3_000, retryAfterMs: [0, 60_000, 300_000], inFlight: 200, queued: 20_000 },
  interactionMs: 3_000,
  triggerMs: 3_000,
  responseUrl: { uses: 5, ageMs: 30 * 60_000 },
  ring: 5_000,
  ephemerals: 500,
  hooks: 500,
  /** Slack's tokens that expire live twelve hours; a code ten minutes. https://docs.slack.dev/authentication/using-token-rotation */
  tokenLifeSeconds: 43_200,
  codeMs: 10 * 60_000,
  tokens: 1_000,
  /** Ten connections: https://docs.slack.dev/apis/events-api/using-socket-mode#connections */
  socket: {
    connections: 10,
    ticketMs: 30_000,
    pingMs: 10_000,
    closeMs: 2_000,
    lifeSeconds: 3_600,
    messageBytes: 1024 * 1024,
    backlogBytes: 8 * 1024 * 1024,
  },
  /** Terminals open at once; columns or rows; how long a box may take to wake; of a refusal's sentence. */
  terminal: { open: 8, maxSide: 500, wakeMs: 60_000, whyChars: 300 },
  entities: 10,
  links: 20,
  reactions: 50,
  /** https://docs.slack.dev/surfaces/modals */
  view: { bytes: 250_000, titleChars: 24, idChars: 255, metadataChars: 3_000, stack: 3 },
  subscribers: 64,
  subscriberBacklog: 2_000,
  /** Least time between two lists of channels to the pages. */
  channelsMs: 100,
  unread: 100,
  pageMessages: 300,
  threadMessages: 1_000,
} as const;
