import { limits } from "../../limits.ts";
import type { Call, Step, TurnState } from "./types.ts";

/** What is known of a turn on disk: nothing else decides what comes next. */
export interface TurnView {
  state: TurnState;
  /** Its person wants it to end. */
  stop: boolean;
  starts: number;
  /** The last step, or null before the first. */
  step: Pick<Step, "n" | "state" | "attempts"> | null;
  /** That step's calls, in order. */
  calls: readonly Pick<Call, "id" | "state" | "approval" | "tool">[];
  /** Its own cards that nobody has decided. */
  waiting: number;
  /** Whether a call of this tool needs a person's consent. */
  asks: (tool: string) => boolean;
}

export type EndReason =
  | "finished"
  /** Cards of its own wait for a decision. */
  | "suspended"
  | "stopped"
  /** The model went on calling tools. */
  | "steps"
  /** It was interrupted too often. */
  | "interrupted";

export type Next =
  | { do: "begin" }
  | { do: "callModel"; step: number }
  | { do: "runCalls"; calls: string[] }
  | { do: "ask"; call: string }
  | { do: "end"; reason: EndReason }
  /** It has ended. */
  | { do: "nothing" };

const { maxSteps, maxStarts, maxAttempts } = limits.turn;

/**
 * What a turn does next. Pure: the same rows give the same answer, whoever asks and whyever: after a message, a press, an
 * alarm or a restart.
 */
export function next(view: TurnView): Next {
  if (view.state !== "queued" && view.state !== "running") return { do: "nothing" };
  if (view.stop) return { do: "end", reason: "stopped" };
  if (view.state === "queued") return { do: "begin" };
  if (view.starts > maxStarts) return { do: "end", reason: "interrupted" };
  const { step, calls } = view;
  if (step === null) return { do: "callModel", step: 0 };
  // It was called and nothing of its answer is on disk: it is called again, and what was shown of it is replaced.
  if (step.state === "calling")
    return step.attempts >= maxAttempts ? { do: "end", reason: "interrupted" } : { do: "callModel", step: step.n };
  return nextCall(view) ?? nextStep(step.n, calls.length > 0, view.waiting);
}

/** Cards first, so that nobody waits to be asked for what another call takes; then all that can run, at once. */
function nextCall({ calls, asks }: TurnView): Next | null {
  const asking = calls.find((call) => call.state === "pending" && call.approval === null && asks(call.tool));
  if (asking) return { do: "ask", call: asking.id };
  // One that was running when the process ended is asked for again: the Kernel's ledger knows whether it ran.
  const open = calls.filter((call) => call.state === "pending" || call.state === "running");
  return open.length > 0 ? { do: "runCalls", calls: open.map((call) => call.id) } : null;
}

function nextStep(n: number, more: boolean, waiting: number): Next {
  if (!more) return { do: "end", reason: waiting > 0 ? "suspended" : "finished" };
  return n + 1 >= maxSteps ? { do: "end", reason: "steps" } : { do: "callModel", step: n + 1 };
}
