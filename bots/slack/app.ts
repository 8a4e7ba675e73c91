import { App, LogLevel } from "@slack/bolt";
import { ourActions } from "../../adapters/slack/actions.ts";
import { parseAction, parseEvent } from "../../adapters/slack/parse.ts";
import type { Parsed } from "../../adapters/slack/parse.ts";
import type { ChatInput } from "../../kernel/chat/types.ts";
import { handledEvents } from "./subscriptions.ts";
import type { Log } from "./log.ts";
import { FetchReceiver } from "./receiver.ts";

export interface SlackAppOptions {
  botToken: string;
  apiUrl: string;
  /** Stores one input; a request is acknowledged when this is done. */
  intake(input: ChatInput): Promise<void>;
  log: Log;
}

/**
 * The Bolt app: listeners that parse and hand over, nothing more. Slack is not called when it is made, nor for an event.
 */
export function createSlackApp(options: SlackAppOptions): FetchReceiver {
  const { log } = options;
  const receiver = new FetchReceiver(log);
  const quiet = (): void => {};
  const app = new App({
    receiver,
    // Every request is already known to be Slack's, and which bot is meant stands in the envelope.
    authorize: async () => ({ botToken: options.botToken }),
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

  const take = async (parsed: Parsed, type: string): Promise<void> => {
    if (parsed.input !== null) await options.intake(parsed.input);
    else log.debug("slack: ignored", { type, why: parsed.ignored });
  };
  for (const type of handledEvents) app.event(type, ({ body }) => take(parseEvent(body), type));
  app.action(ourActions, async ({ body, ack }) => {
    await take(parseAction(body), "block_actions");
    await ack();
  });
  return receiver;
}
