import { setTimeout as pause } from "node:timers/promises";
import type { RecordedCall } from "../../bots/local/workspace/web-api.ts";
import type { Deckhand } from "../../test/harness/deckhand.ts";

const turnWithinMs = 30_000;
/** Calls that come this long after the turn's end still count to it. */
const settleMs = 120;

export interface TurnTime {
  /** The root, or the message under it. */
  ts: string;
  /** From the post of the first event to the answer of the last call of the platform, in milliseconds. */
  tookMs: number;
  methods: string[];
}

/** Pure: the span from the first try of the first event to the end of the last call; both by the workspace's clock. */
export function spanMs(eventsAt: readonly number[], calls: readonly Pick<RecordedCall, "at">[]): number {
  if (eventsAt.length === 0 || calls.length === 0) throw new RangeError("a turn has an event and a call");
  return Math.max(...calls.map((call) => call.at)) - Math.min(...eventsAt);
}

/** Has a person write to Deckhand, and times the turn that comes of it. One turn at a time. */
export async function timeTurn(
  { slack }: Deckhand,
  said: { channel: string; text: string; threadTs?: string },
): Promise<TurnTime> {
  await slack.clearCalls();
  await slack.clearDeliveries();
  const where = said.threadTs === undefined ? {} : { threadTs: said.threadTs };
  const ts = await slack.say("U0ADA", said.channel, said.text, where);
  const root = said.threadTs ?? ts;
  const ends = (call: RecordedCall) => call.args["thread_ts"] === root && call.args["status"] === "active";
  await slack.waitForCall("agents.sessions.setStatus", ends, turnWithinMs);
  await pause(settleMs);
  const calls = await slack.calls();
  const events = (await slack.deliveries()).deliveries.filter((one) => one.ts === ts);
  return {
    ts,
    tookMs: spanMs(
      events.map((one) => one.at),
      calls,
    ),
    methods: calls.map((call) => call.method),
  };
}
