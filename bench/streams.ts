import { Deckhand } from "../test/harness/deckhand.ts";
import { shownText } from "../bots/local/workspace/control-client.ts";
import { contractOf } from "../bots/local/workspace/contract/contract.ts";
import type { RecordedCall } from "../bots/local/workspace/web-api.ts";
import { makeReport, type Report } from "./lib/report.ts";
import { stats } from "./lib/stats.ts";

const threads = 30;
const words = 3000;
const channel = "C0GENERAL";
const people = ["U0ADA", "U0GRACE", "U0LINUS"] as const;
const withinMs = 15 * 60_000;

/** Pure: the most calls of a method in any sixty seconds, to be held against Slack's published rate. */
export function busiestMinute(calls: readonly Pick<RecordedCall, "at">[]): number {
  const at = calls.map((call) => call.at).toSorted((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [index, time] of at.entries()) {
    while (time - (at[from] ?? time) >= 60_000) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

/** Calls a minute that Slack publishes. */
const published: Partial<Record<string, number>> = { t1: 1, t2: 20, t3: 50, t4: 100 };
const aimOf = (method: string) => {
  const figure = method === "chat.postMessage" ? 60 : published[contractOf(method)?.tier ?? ""];
  return figure === undefined ? {} : { aim: { of: "value" as const, under: figure + 1 } };
};

/** Thirty threads of one channel that answer at once, at length, against Slack's published rates for the whole workspace. */
export async function run(): Promise<Report> {
  const deckhand = await Deckhand.start({ env: { REHEARSAL_DELAY_MS: "1", PACE: "on" } });
  const { slack } = deckhand;
  try {
    await slack.rates("strict");
    await slack.setup({ patience: 1 });
    await slack.clearCalls();
    const began = performance.now();
    const roots = await Promise.all(
      Array.from({ length: threads }, (_, index) =>
        slack.say(people[index % people.length] ?? people[0], channel, `@Deckhand write ${words} words`),
      ),
    );
    const last: number[] = [];
    await Promise.all(
      roots.map(async (ts) => {
        await slack.waitForStatus(channel, ts, (status) => status.session === "active", withinMs);
        last.push(performance.now() - began);
      }),
    );
    const calls = await slack.calls();
    const refused = calls.filter((call) => call.error === "ratelimited");
    const methods = [...new Set(calls.map((call) => call.method))].toSorted();
    const whole = await Promise.all(
      roots.map(async (ts) => (await slack.thread(channel, ts)).map(shownText).join(" ").split(/\s+/).length >= words),
    );
    return makeReport(
      "streams",
      [
        { name: "time to the last word", unit: "ms", value: stats(last) },
        { name: "platform calls", unit: "calls", value: calls.length },
        { name: "429s", unit: "calls", value: refused.length, aim: { of: "value", under: 1 } },
        ...methods.map((method) => ({
          name: `${method}, busiest minute`,
          unit: "calls",
          value: busiestMinute(calls.filter((call) => call.method === method)),
          ...aimOf(method),
        })),
      ],
      {
        threads,
        words,
        whole: whole.every(Boolean),
        refusedMethods: [...new Set(refused.map((call) => call.method))].join(", ") || "none",
        how: "The local workspace holds every method to the rate that Slack publishes, for the whole workspace. Time is from the first question to the end of each turn on the platform.",
      },
    );
  } finally {
    await deckhand.close();
  }
}
