import type { MethodContract } from "./contract/contract.ts";
import { textOf, type Fields } from "./json.ts";

/**
 * How strictly calls are counted. `off`: not at all. `on`: as Slack is for ordinary use. `strict`: every published
 * figure for the whole workspace and with no burst, for tests of what happens then.
 */
export type RateMode = "off" | "on" | "strict";

interface Bucket {
  tokens: number;
  at: number;
}

export interface RateRule {
  key: string;
  perMinute: number;
  burst: number;
}

/** https://docs.slack.dev/apis/web-api/rate-limits */
const perMinute = { t1: 1, t2: 20, t3: 50, t4: 100, t5: 600 } as const;

/**
 * Slack publishes a figure for a method and says that bursts are tolerated, not whose calls share it. Posting is one
 * a second in a channel. What an agent does while it answers (streams, status, edits) is counted for each place, so that
 * answering in many threads is possible as it is there.
 */
const byPlace: Record<string, (args: Fields) => string> = {
  "chat.startStream": (args) => `${textOf(args.channel)}:${textOf(args.recipient_user_id)}:${textOf(args.thread_ts)}`,
  "chat.appendStream": (args) => `${textOf(args.channel)}:${textOf(args.ts)}`,
  "chat.stopStream": (args) => `${textOf(args.channel)}:${textOf(args.ts)}`,
  "chat.update": (args) => textOf(args.channel),
  "agents.sessions.setStatus": (args) => `${textOf(args.channel_id)}:${textOf(args.thread_ts)}`,
  "assistant.threads.setStatus": (args) => `${textOf(args.channel_id)}:${textOf(args.thread_ts)}`,
  "assistant.threads.setTitle": (args) => `${textOf(args.channel_id)}:${textOf(args.thread_ts)}`,
};

/** The rules a call is counted by. */
export function rulesFor(method: string, contract: MethodContract, args: Fields, mode: RateMode): RateRule[] {
  if (mode === "off") return [];
  const strict = mode === "strict";
  if (method === "chat.postMessage") {
    const channel = { key: `post:${textOf(args.channel)}`, perMinute: 60, burst: strict ? 1 : 20 };
    return [channel, { key: "post", perMinute: 300, burst: strict ? 5 : 300 }];
  }
  const figure = perMinute[contract.tier];
  const place = strict ? undefined : byPlace[method]?.(args);
  return [
    {
      key: place === undefined ? method : `${method}:${place}`,
      perMinute: figure,
      burst: strict ? figure : figure * 2,
    },
  ];
}

/** Token buckets. Pure but for its own state; the time is given. */
export class Rates {
  readonly #buckets = new Map<string, Bucket>();

  /** 0 when the call may go on, else how many seconds to wait (`Retry-After`). */
  take(rules: readonly RateRule[], now: number): number {
    const level = (rule: RateRule): number => {
      const bucket = this.#buckets.get(rule.key);
      if (bucket === undefined) return rule.burst;
      return Math.min(rule.burst, bucket.tokens + (Math.max(0, now - bucket.at) / 60_000) * rule.perMinute);
    };
    const waits = rules.map((rule) => (level(rule) >= 1 ? 0 : ((1 - level(rule)) / rule.perMinute) * 60));
    const wait = Math.max(0, ...waits);
    if (wait > 0) return Math.max(1, Math.ceil(wait));
    for (const rule of rules) {
      const tokens = level(rule) - 1;
      this.#buckets.delete(rule.key);
      this.#buckets.set(rule.key, { tokens, at: now });
    }
    this.#forget();
    return 0;
  }

  clear(): void {
    this.#buckets.clear();
  }

  /** Keys hold stamps and would grow for ever; the least lately used go first. */
  #forget(): void {
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= 5_000) return;
      this.#buckets.delete(key);
    }
  }
}
