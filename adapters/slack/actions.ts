import { ApprovalId } from "../../kernel/ids.ts";
import type { ChatAction } from "../../kernel/chat/types.ts";

/** Names of our buttons. A button's value carries the approval's id, for a question also the choice, and nothing else. */
export const actionIds = {
  approve: "deckhand:approve",
  deny: "deckhand:deny",
  answer: (n: number): string => `deckhand:answer:${n}`,
  /** A link button: Slack reports the press, there is nothing to do. */
  open: "deckhand:open",
} as const;

/** Every action of ours. */
export const ourActions = /^deckhand:/;

export const answerValue = (approval: ApprovalId, choice: string): string => `${approval}|${choice}`;

/** What a press means, or null when it is none of ours or was tampered with. */
export function readAction(actionId: string, value: string): Pick<ChatAction, "action" | "subject" | "value"> | null {
  const bar = value.indexOf("|");
  const subject = bar === -1 ? value : value.slice(0, bar);
  if (!ApprovalId.safeParse(subject).success) return null;
  if (actionId === actionIds.approve && bar === -1) return { action: "approve", subject, value: "" };
  if (actionId === actionIds.deny && bar === -1) return { action: "deny", subject, value: "" };
  if (/^deckhand:answer:\d{1,3}$/.test(actionId) && bar !== -1)
    return { action: "answer", subject, value: value.slice(bar + 1) };
  return null;
}
