import { z } from "zod";
import { ApprovalCard } from "../events/types.ts";
import { ApprovalId, TurnId, UserId } from "../ids.ts";

/**
 * pending → approved | denied | expired; approved → used. `approved` is a decision that has been written down and not
 * yet carried out: what a crash between the two leaves behind.
 */
export const ApprovalState = z.enum(["pending", "approved", "denied", "expired", "used"]);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** What the approval is bound to: canonical JSON of this is hashed. */
export const Subject = z.object({ tool: z.string(), input: z.json(), pinned: z.json() });
export type Subject = z.infer<typeof Subject>;

export const Approval = z.object({
  id: ApprovalId,
  turn: TurnId,
  call: z.string(),
  tool: z.string(),
  subject: Subject,
  hash: z.string(),
  card: ApprovalCard,
  state: ApprovalState,
  decidedBy: UserId.nullable(),
  decidedAt: z.number().nullable(),
  /** For a question: the id of the choice. */
  answer: z.string().nullable(),
  /** The press that decided it. */
  press: z.string().nullable(),
});
export type Approval = z.infer<typeof Approval>;
