import { KernelError } from "../../kernel/errors.ts";
import type { SlackApi } from "./client.ts";
import type { SlackMethod } from "./methods.ts";

/*
 * Slack counts calls by method: most of them for the whole workspace, posts for a channel. Threads do not know of each
 * other, so each asks the posting clock before a call, and waits for its place instead of being refused.
 * @see https://docs.slack.dev/apis/web-api/rate-limits (tier 2: 20 a minute, 3: 50, 4: 100; posts: 1 a second a channel)
 */
export interface MethodRate {
  scope: "workspace" | "channel";
  perMinute: number;
  /** Slack lets short bursts through; the rest of the minute's calls is kept for those who come later. */
  burst: number;
  /** Longer than this nobody waits: the caller finds another way, or comes again. */
  maxWaitMs: number;
}

const minuteMs = 60_000;
// Burst and pace together stay below what Slack publishes for a minute, whichever minute it counts.
const tier2 = { scope: "workspace", perMinute: 13, burst: 6 } as const;
const tier3 = { scope: "workspace", perMinute: 37, burst: 12 } as const;
const tier4 = { scope: "workspace", perMinute: 76, burst: 22 } as const;

export const methodRates: Partial<Record<SlackMethod, MethodRate>> = {
  // Where no stream can be begun soon, the answer is posted and edited instead.
  "chat.startStream": { ...tier2, maxWaitMs: 2_000 },
  "chat.stopStream": { ...tier2, maxWaitMs: 3 * minuteMs },
  "chat.appendStream": { ...tier4, maxWaitMs: minuteMs },
  "chat.update": { ...tier3, maxWaitMs: 3 * minuteMs },
  // Well below one a second: a call that is late on its way comes close to the next one, and Slack counts arrivals.
  "chat.postMessage": { scope: "channel", perMinute: 42, burst: 1, maxWaitMs: 5 * minuteMs },
  // The state a thread comes to rest in is worth a while; without a place it comes again with what is newest then.
  "agents.sessions.setStatus": { ...tier3, perMinute: 24, burst: 25, maxWaitMs: 5_000 },
};

/** That something runs is for the moment: late, it is worth nothing. */
const rateOf = (method: SlackMethod, args: Record<string, unknown>): MethodRate | undefined => {
  const rate = methodRates[method];
  return rate !== undefined && args["status"] === "processing" ? { ...rate, maxWaitMs: 1_500 } : rate;
};

/** Asks for a place: how long to wait for it, and whether it is given at all. */
export type AskPermit = (
  method: SlackMethod,
  rate: MethodRate & { claim?: boolean },
) => Promise<{ granted: boolean; waitMs: number }>;

/** The API with every counted call at its place in the row. */
export function paced(api: SlackApi, ask: AskPermit, wait: (ms: number) => Promise<void>): SlackApi {
  return {
    async call(method, args, answer) {
      const rate = rateOf(method, args);
      if (rate) {
        const { granted, waitMs } = await ask(method, rate);
        if (!granted) {
          const options = { retryable: true, retryAfterMs: waitMs };
          throw new KernelError(
            "platform.rate_limited",
            "Too much is being written in this workspace right now.",
            options,
          );
        }
        if (waitMs > 0) await wait(waitMs);
        if (rate.burst === 1) await claimed(method, rate, ask, wait);
      }
      return api.call(method, args, answer);
    },
  };
}

/** Looks again how often at most; then the call is made, and Slack says itself whether it is too early. */
const maxClaims = 30;

/** Its time has come; on a busy machine that of others may have come in the same moment. */
async function claimed(
  method: SlackMethod,
  rate: MethodRate,
  ask: AskPermit,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  for (let n = 0; n < maxClaims; n++) {
    const { waitMs } = await ask(method, { ...rate, claim: true });
    if (waitMs <= 0) return;
    await wait(waitMs);
  }
}
