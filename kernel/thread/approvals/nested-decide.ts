import { KernelError } from "../../errors.ts";
import type { NestedCall } from "../../stubs.ts";
import type { Turn } from "../turn/types.ts";

/** How the wait of a call that was asked from within another ended. */
export type NestedEnd = { end: "approved" | "answered" } | { end: "denied"; by: string } | { end: "expired" | "gone" };

/**
 * Whether a call from within another may ask a person: in a turn that runs, of the person whose turn it is, and from a
 * call that is open. Pure.
 */
export function mayAsk(
  given: NestedCall,
  turn: Pick<Turn, "principal" | "state" | "stop"> | null,
  open: ReadonlySet<string>,
): KernelError | null {
  if (turn === null || turn.principal !== given.user)
    return new KernelError("approval.not_yours", "This turn is not this person's.");
  if (turn.state !== "running" || turn.stop || !open.has(given.parent))
    return new KernelError("tool.interrupted", "What asked for this has ended.");
  if (given.maxWaitMs <= 0)
    return new KernelError(
      "approval.expired",
      "No time is left to wait for a person (limits.isolate.maxApprovalWaitMs).",
    );
  return null;
}

/** What the caller gets when nothing runs; null when it does. */
export function refusalOf(ending: NestedEnd): KernelError | null {
  switch (ending.end) {
    case "approved":
    case "answered":
      return null;
    case "denied":
      return new KernelError("approval.denied", `${ending.by} denied this. Nothing was done.`);
    case "expired":
      return new KernelError("approval.expired", "Nobody decided in time. Nothing was done.");
    case "gone":
      return new KernelError("approval.expired", "What asked for this has ended. Nothing was done.");
  }
}

/** The last line of the call's task when nothing runs. */
export function detailOf(ending: NestedEnd): string {
  switch (ending.end) {
    case "approved":
    case "answered":
      return "";
    case "denied":
      return `Denied by ${ending.by}`;
    case "expired":
      return "Nobody decided in time; nothing was done.";
    case "gone":
      return "The program that asked has ended; nothing was done.";
  }
}
