import type { Fields } from "./json.ts";

/** An answer `{ok: false, error}` of the Web API. */
export class SlackError extends Error {
  readonly error: string;
  readonly extra: Fields;

  constructor(error: string, extra: Fields = {}) {
    super(error);
    this.name = "SlackError";
    this.error = error;
    this.extra = extra;
  }
}

/** Slack's way to say what is wrong with which argument. */
export const withMessages = (error: string, messages: readonly string[]): SlackError =>
  new SlackError(error, { response_metadata: { messages: [...messages] } });
