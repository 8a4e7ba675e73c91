import { sha256 } from "../sha256.ts";
import { canonical } from "./canonical.ts";
import type { Approval, Subject } from "./types.ts";

/** What a decision is bound to: tool, input and what was pinned when the card was made, in hex. */
export const hashOf = (subject: Subject): Promise<string> => sha256(canonical(subject));

/** Whether what would run is what was approved. What this says no to must not run: `approval.changed`. */
export const matches = async (row: Pick<Approval, "subject" | "hash">): Promise<boolean> =>
  (await hashOf(row.subject)) === row.hash;
