import type { Result, Transcript } from "./transcript.ts";

/*
 * A plan is a generator: it yields calls, gets their results, and returns what to say at the end. Each request to the
 * model replays it against the calls already made, so a plan keeps nothing between requests and must not look at the
 * time or roll dice.
 */

export interface Call {
  tool: string;
  input: Record<string, unknown>;
}

export interface Ask {
  /** Said before the calls. */
  say?: string;
  calls: Call[];
  /** Said instead of the usual sentence when a call waits for a person. */
  waiting?: string;
}

export interface Say {
  text: string;
  /** Pauses between lines are long enough to watch, to press Stop or to pull the plug. */
  slow?: boolean;
  /** Ends in an error of this kind instead of finishing; the text comes first. */
  fail?: Failure;
}

export type Failure = "refused" | "rate_limited" | "unauthorized" | "too_long" | "timeout" | "overloaded";

export type Plan = Generator<Ask, Say | string, Result[]>;

/** A call that failed, as the plan's early end. */
class Ended extends Error {
  readonly text: string;
  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

/** Ends the plan here with these words. */
export function stop(text: string): never {
  throw new Ended(text);
}

/** The end of a plan at a result that is not what it needs; it says which, in the tool's own words. */
export function endAt(tool: string, result: Result): string {
  switch (result.state) {
    case "ok":
      return "Done.";
    case "waiting":
      return tool === "ask_person"
        ? "I have put the question above and go on when you press one of its buttons."
        : `I am waiting for a decision on the card above: nothing happens (\`${tool}\`) until somebody who may approve it presses Approve.`;
    case "denied":
      return `That was not approved${result.reason ? ` (“${result.reason}”)` : ""}, so \`${tool}\` did not run and nothing was changed by it.`;
    case "error":
      return `\`${tool}\` did not work: **${result.code}**: ${result.message}`;
    case "none":
      return `\`${tool}\` gave no result, so I stop here.`;
  }
}

/** One call whose output is needed: anything but success ends the plan, saying why. */
export function* must(tool: string, input: Record<string, unknown>, say?: string): Generator<Ask, unknown, Result[]> {
  const [output] = yield* mustAll([{ tool, input }], say);
  return output;
}

/** Several calls at once, all of them needed. */
export function* mustAll(calls: Call[], say?: string): Generator<Ask, unknown[], Result[]> {
  const results = yield say === undefined ? { calls } : { say, calls };
  return results.map((result, index) => {
    if (result.state === "ok") return result.output;
    throw new Ended(endAt(calls[index]?.tool ?? "tool", result));
  });
}

/** One call whose failure the plan wants to speak about itself. */
export function* attempt(
  tool: string,
  input: Record<string, unknown>,
  words: { say?: string; waiting?: string } = {},
): Generator<Ask, Result, Result[]> {
  const results = yield { ...words, calls: [{ tool, input }] };
  return results[0] ?? { state: "none" };
}

export type Next = { kind: "calls"; say: string; calls: Call[] } | { kind: "say"; say: Say };

/** Where the plan stands after the calls of the transcript. */
export function replay(plan: Plan, transcript: Transcript, offered: ReadonlySet<string>): Next {
  const done = transcript.steps.map((step) => ({ tool: step.tool, result: step.result }));
  try {
    let turn = plan.next();
    while (!turn.done) {
      const { calls, say, waiting } = turn.value;
      const missing = calls.find((call) => !offered.has(call.tool));
      if (missing) return ends(`This needs the tool \`${missing.tool}\`, which is not offered to me here.`);
      const had = done.splice(0, calls.length);
      const todo = calls.slice(had.length);
      if (todo.length > 0) return { kind: "calls", say: had.length > 0 ? "" : (say ?? ""), calls: todo };
      const stopped = had.find(({ result }) => result.state === "waiting");
      if (stopped) return ends(waiting ?? endAt(stopped.tool, stopped.result));
      turn = plan.next(had.map(({ result }) => result));
    }
    return { kind: "say", say: typeof turn.value === "string" ? { text: turn.value } : turn.value };
  } catch (thrown) {
    if (thrown instanceof Ended) return ends(thrown.text);
    throw thrown;
  }
}

const ends = (text: string): Next => ({ kind: "say", say: { text } });
