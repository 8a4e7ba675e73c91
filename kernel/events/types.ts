import { z } from "zod";
import { ApprovalId, TurnId, UserId } from "../ids.ts";
import { ErrorCode } from "../errors.ts";

/*
 * The trace of a thread: one typed event for each thing that happened. The chat view is drawn from these and from
 * nothing else, so a restart draws the same view.
 */
const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

export const Risk = z.enum(["low", "medium", "high"]);
export type Risk = z.infer<typeof Risk>;

/** Work in a sandbox: which of the two, why there, and for how long. */
export const SandboxTime = z.object({
  tier: z.enum(["isolate", "computer"]),
  ms: z.number().nonnegative(),
  /** In the model's words, where it was asked for them. */
  why: z.string(),
});
export type SandboxTime = z.infer<typeof SandboxTime>;

/** What is asked of a person. `body` is Markdown and shows exactly what will run. */
export const ApprovalCard = z.object({
  approval: ApprovalId,
  kind: z.enum(["approval", "question"]),
  tool: z.string(),
  title: z.string(),
  body: z.string(),
  risk: Risk,
  /** For a question; an approval has approve and deny. */
  choices: z.array(z.object({ id: z.string(), label: z.string() })),
  /** Text fields of the input that the decider may change before approving. */
  editable: z.array(z.object({ name: z.string(), label: z.string(), value: z.string() })).default([]),
  /** The open call that asks and waits (a program's); absent when the model's own call is parked. */
  program: z.string().optional(),
  requester: UserId,
  requesterName: z.string(),
  /** Who may decide. */
  deciders: z.array(UserId),
  expiresAt: z.number(),
});
export type ApprovalCard = z.infer<typeof ApprovalCard>;

export const ThreadEvent = z.discriminatedUnion("type", [
  event("turn.started", {
    trigger: z.enum(["message", "decision", "recovery"]),
    /** Who is answered: for a message its author, for a decision the requester. */
    principalName: z.string(),
    /** First words of what was asked. */
    title: z.string(),
  }),
  /** Text of a part so far. Live only: shown, never stored. */
  event("text.delta", { part: z.string(), text: z.string() }),
  event("text.done", { part: z.string(), text: z.string() }),
  event("task.started", { task: z.string(), tool: z.string(), title: z.string(), detail: z.string() }),
  event("task.progress", { task: z.string(), detail: z.string() }),
  event("task.finished", {
    task: z.string(),
    outcome: z.enum(["ok", "error", "waiting", "denied", "interrupted"]),
    /** One line for the card. */
    detail: z.string(),
    code: ErrorCode.nullable(),
    sandbox: SandboxTime.optional(),
  }),
  event("plan.updated", {
    title: z.string(),
    steps: z.array(
      z.object({ id: z.string(), title: z.string(), state: z.enum(["pending", "in_progress", "complete", "error"]) }),
    ),
  }),
  event("approval.requested", { card: ApprovalCard }),
  /** The decider has changed what would run; the card shows that now, and waits on. */
  event("approval.revised", { card: ApprovalCard }),
  event("approval.decided", {
    approval: ApprovalId,
    decision: z.enum(["approved", "denied", "answered"]),
    by: UserId,
    byName: z.string(),
    choice: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  event("approval.expired", { approval: ApprovalId }),
  /** A file of the person's own that is put into the thread. */
  event("file.posted", {
    path: z.string(),
    name: z.string(),
    mediaType: z.string(),
    sizeBytes: z.number(),
    /** Hex; set where only this content may be shown, whatever the file has become when its turn comes. */
    sha256: z.string().optional(),
    /** Markdown that is said with it. */
    comment: z.string().optional(),
    /** What a picture shows, for who cannot see it. */
    alt: z.string().optional(),
  }),
  event("site.published", {
    slug: z.string(),
    title: z.string(),
    url: z.string(),
    version: z.number().int(),
    files: z.number().int(),
    /** Address of the picture that stands for it, where it has one. */
    picture: z.string().optional(),
  }),
  /** What is not committed yet in a thread's worktree, or what a push would bring. */
  event("diff.shown", {
    repo: z.string(),
    branch: z.string(),
    files: z.array(z.object({ path: z.string(), added: z.number().nullable(), removed: z.number().nullable() })),
    /** Files beyond those that are listed. */
    more: z.number().int(),
    /** The diff, as far as it fits. */
    text: z.string(),
    /** Where all of it stands, when it does not fit. */
    path: z.string().nullable(),
  }),
  event("notice", { level: z.enum(["info", "warning", "error"]), code: ErrorCode.nullable(), text: z.string() }),
  /** What a person thought of an answer: kept in the trace, shown nowhere. */
  event("feedback.given", { by: UserId, byName: z.string(), value: z.enum(["up", "down"]) }),
  event("turn.suspended", { approvals: z.array(ApprovalId) }),
  event("turn.finished", {
    model: z.string(),
    inputTokens: z.number().nullable(),
    outputTokens: z.number().nullable(),
  }),
  /** Nobody has written for a long time; the next message opens the thread again. */
  event("thread.closed", {}),
  event("turn.failed", { code: ErrorCode, text: z.string() }),
]);
export type ThreadEvent = z.infer<typeof ThreadEvent>;
export type ThreadEventType = ThreadEvent["type"];

/** An event as it stands in the trace. `seq` counts from 1 without gaps; a live delta has the seq of the event before it. */
export const StampedEvent = z.object({
  seq: z.number().int().nonnegative(),
  at: z.number(),
  turn: TurnId,
  /** The person whose turn it is; null for what belongs to nobody. */
  principal: UserId.nullable(),
  event: ThreadEvent,
});
export type StampedEvent = z.infer<typeof StampedEvent>;
