import { ApprovalId } from "../../kernel/ids.ts";
import type { ChatAction } from "../../kernel/chat/types.ts";

/** Names of our buttons. A button's value carries the approval's id, for a question also the choice, and nothing else. */
export const actionIds = {
  approve: "deckhand:approve",
  deny: "deckhand:deny",
  answer: (n: number): string => `deckhand:answer:${n}`,
  /** Opens a form with what may be changed before approving. */
  edit: "deckhand:edit",
  /** In Home: opens the settings. */
  settings: "deckhand:settings",
  /** The same press on a button of Home, which stands in no thread. */
  home: (action: string): string => action.replace("deckhand:", "deckhand:home:"),
  feedback: "deckhand:feedback",
  /** A link button: Slack reports the press, there is nothing to do. */
  open: "deckhand:open",
} as const;

/** Every action of ours that a message carries and that goes to its thread. */
export const ourActions = /^deckhand:(?!home:|edit$|settings$)/;
/** What Home's buttons decide. */
export const homeActions = /^deckhand:home:/;

export const answerValue = (approval: ApprovalId, choice: string): string => `${approval}|${choice}`;

/** What a press means, or null when it is none of ours or was tampered with. */
export function readAction(actionId: string, value: string): Pick<ChatAction, "action" | "subject" | "value"> | null {
  const bar = value.indexOf("|");
  if (actionId === actionIds.feedback) {
    const [sense, turn = ""] = value.split("|");
    if (sense !== "up" && sense !== "down") return null;
    return { action: "feedback", subject: turn.slice(0, 200), value: sense };
  }
  const subject = bar === -1 ? value : value.slice(0, bar);
  if (!ApprovalId.safeParse(subject).success) return null;
  if (actionId === actionIds.approve && bar === -1) return { action: "approve", subject, value: "" };
  if (actionId === actionIds.deny && bar === -1) return { action: "deny", subject, value: "" };
  // Without a change yet: where nobody may change it, the thread says why.
  if (actionId === actionIds.edit && bar === -1) return { action: "revise", subject, value: "" };
  if (/^deckhand:answer:\d{1,3}$/.test(actionId) && bar !== -1)
    return { action: "answer", subject, value: value.slice(bar + 1) };
  return null;
}
