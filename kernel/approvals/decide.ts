import type { ChatAction } from "../chat/types.ts";
import { KernelError } from "../errors.ts";
import type { Approval, ApprovalState } from "./types.ts";

export type Verdict =
  | { decision: "approved" | "denied" }
  | { decision: "answered"; choice: string }
  /** The decider has changed the input: a new card is shown, and waits. */
  | { decision: "revised"; input: string };
export type Ruling = { ok: true; verdict: Verdict } | { ok: false; error: KernelError; expired: boolean };

const refuse = (error: KernelError, expired = false): Ruling => ({ ok: false, error, expired });

function settled(state: Exclude<ApprovalState, "pending">): KernelError {
  switch (state) {
    case "approved":
    case "used":
      return new KernelError("approval.decided", "This has already been decided: it was accepted.");
    case "denied":
      return new KernelError("approval.decided", "This has already been decided: it was denied.");
    case "expired":
      return new KernelError("approval.expired", "This request has expired. Ask again to get a new one.");
  }
}

/**
 * Whether this press decides this approval. Pure: the row, who pressed (as the platform verified them), and the time.
 * The button's own value chooses between approve, deny and the row's choices, and nothing more.
 */
export function decideApproval(row: Approval | null, press: ChatAction, deciderNames: string, now: number): Ruling {
  if (row === null) return refuse(new KernelError("approval.not_found", "This request is not known here any more."));
  if (!row.card.deciders.includes(press.by.id)) {
    return refuse(
      new KernelError(
        "approval.not_yours",
        `Only ${deciderNames} can decide this: it runs with their files and accounts.`,
      ),
    );
  }
  if (row.state !== "pending") return refuse(settled(row.state));
  if (now >= row.card.expiresAt) {
    return refuse(settled("expired"), true);
  }
  return rule(row, press);
}

function rule(row: Approval, press: ChatAction): Ruling {
  const invalid = () => refuse(new KernelError("input.invalid", "That button does not belong to this request."));
  if (press.action === "deny") return { ok: true, verdict: { decision: "denied" } };
  if (row.card.kind === "approval" && press.action === "revise") {
    return { ok: true, verdict: { decision: "revised", input: press.value } };
  }
  if (row.card.kind === "approval") {
    return press.action === "approve" ? { ok: true, verdict: { decision: "approved" } } : invalid();
  }
  const choice = row.card.choices.find((candidate) => candidate.id === press.value);
  return press.action === "answer" && choice
    ? { ok: true, verdict: { decision: "answered", choice: choice.id } }
    : invalid();
}
