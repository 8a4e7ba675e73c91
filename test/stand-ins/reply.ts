/** What a stand-in of a model provider answers to one request. */
export interface Reply {
  /** Streamed in pieces of a few characters, before the calls. */
  text?: string;
  toolCalls?: { name: string; input: unknown }[];
  /** After the text, or in place of everything. */
  fail?: Fail;
  /** Pause between two pieces, in milliseconds. */
  pieceMs?: number;
  /** The end of the stream comes no sooner than this: what happens meanwhile happens while the model writes. */
  hold?: Promise<void>;
  usage?: { input: number; output: number };
}

export type Fail =
  /** An HTTP error in place of a stream. */
  | { kind: "status"; status: number; type: string; message: string; code?: string; retryAfterSeconds?: number }
  /** An error event inside a stream that began well. */
  | { kind: "mid-stream"; type: string; message: string }
  /** Nothing more comes: `before` the headers, or after the text. */
  | { kind: "hang"; when: "before" | "after" }
  /** The connection breaks after the text. */
  | { kind: "cut" };

/** The errors both providers have, in the words each of them uses where the words matter. */
export const fail = {
  unauthorized: { kind: "status", status: 401, type: "authentication_error", message: "invalid key sk-secret" },
  rateLimited: (retryAfterSeconds: number): Fail => ({
    kind: "status",
    status: 429,
    type: "rate_limit_error",
    message: "Number of request tokens has exceeded your per-minute rate limit",
    retryAfterSeconds,
  }),
  overloaded: { kind: "status", status: 529, type: "overloaded_error", message: "Overloaded" },
  broken: { kind: "status", status: 500, type: "api_error", message: "Internal server error" },
  noModel: { kind: "status", status: 404, type: "not_found_error", message: "model: nope" },
  tooLongAnthropic: {
    kind: "status",
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 210000 tokens > 200000 maximum",
  },
  tooLongOpenAI: {
    kind: "status",
    status: 400,
    type: "invalid_request_error",
    code: "context_length_exceeded",
    message: "Your input exceeds the context window of this model. Please adjust your input and try again.",
  },
  midStream: { kind: "mid-stream", type: "overloaded_error", message: "Overloaded" },
  hangs: { kind: "hang", when: "before" },
  stalls: { kind: "hang", when: "after" },
  cut: { kind: "cut" },
} as const satisfies Record<string, Fail | ((seconds: number) => Fail)>;

/** One reply after the other; the last one stays. */
export function inTurn(...replies: [Reply, ...Reply[]]): () => Reply {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)] ?? replies[0];
}

/** Text in the pieces it is streamed in. */
export const piecesOf = (text: string): string[] => text.match(/[\s\S]{1,12}/g) ?? [];
