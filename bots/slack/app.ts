import { App, LogLevel } from "@slack/bolt";
import type { ChatInput } from "../../kernel/chat/types.ts";
import { KernelError } from "../../kernel/errors.ts";
import { deskOf, type People } from "./desk.ts";
import { listeners } from "./listeners/index.ts";
import type { ListenerParts, SitesHere } from "./listeners/types.ts";
import type { Log } from "./log.ts";
import { originOf } from "./origin.ts";
import { FetchReceiver } from "./receiver.ts";
import type { TeamTokens } from "./tokens.ts";

export interface SlackAppOptions {
  tokens: TeamTokens;
  apiUrl: string;
  /** Stores one input; a request is acknowledged when this is done. */
  intake(input: ChatInput): Promise<void>;
  people: People;
  log: Log;
  /** Bots whose messages are answered like a person's. */
  allowedBots?: ReadonlySet<string>;
  /** What is public on this Worker; absent where no links are shown. */
  sites?: SitesHere;
}

/**
 * The Bolt app: listeners that parse and hand over, nothing more. Slack is not called when it is made, nor for an event.
 */
export function createSlackApp(options: SlackAppOptions): FetchReceiver {
  const { log, tokens } = options;
  const receiver = new FetchReceiver(log);
  const quiet = (): void => {};
  const app = new App({
    receiver,
    authorize: (_, body) => authorize(options, body),
    tokenVerificationEnabled: false,
    clientOptions: { slackApiUrl: options.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    convoStore: false,
    // `parse` knows our own messages, and those of other bots.
    ignoreSelf: false,
    logLevel: LogLevel.WARN,
    logger: {
      debug: quiet,
      info: quiet,
      warn: (...lines) => log.warn("slack: bolt", { lines }),
      // Bolt throws what it logs; the receiver writes it down once.
      error: quiet,
      setLevel: quiet,
      setName: quiet,
      getLevel: () => LogLevel.WARN,
    },
  });
  const parts: ListenerParts = {
    intake: (input) => options.intake(input),
    revoke: (revoked) => tokens.revoke(revoked),
    access: (access) => tokens.access(access),
    desk: deskOf(options.people, tokens, options.apiUrl, log),
    log,
    ...(options.allowedBots ? { allowedBots: options.allowedBots } : {}),
    ...(options.sites ? { sites: options.sites } : {}),
  };
  for (const listener of listeners) listener.listen(app, parts);
  return receiver;
}

/**
 * Every request is already known to be Slack's, and which bot is meant stands in the envelope; what is looked up is the
 * workspace's token. Storing a message needs none: when it cannot be got just now, the message is not lost over that.
 */
async function authorize({ tokens, log }: SlackAppOptions, body: unknown) {
  const origin = originOf(body);
  try {
    const botToken = origin === null ? null : await tokens.from(origin);
    return botToken === null ? { installed: false } : { installed: true, botToken };
  } catch (thrown) {
    if (!(thrown instanceof KernelError) || !thrown.retryable) throw thrown;
    log.warn("slack: no token just now", { thrown });
    return { installed: true };
  }
}
