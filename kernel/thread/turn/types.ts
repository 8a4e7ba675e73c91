import { z } from "zod";
import { ChatMessage } from "../../chat/types.ts";
import { ApprovalId, TurnId, UserId } from "../../ids.ts";

export const TurnState = z.enum(["queued", "running", "suspended", "finished", "failed", "withdrawn"]);
export type TurnState = z.infer<typeof TurnState>;
export const ended: ReadonlySet<TurnState> = new Set<TurnState>(["suspended", "finished", "failed", "withdrawn"]);

const common = {
  /** Place in the thread: turns run in this order. */
  seq: z.number().int(),
  id: TurnId,
  principal: UserId,
  principalName: z.string(),
  title: z.string(),
  state: TurnState,
  stop: z.boolean(),
  starts: z.number().int(),
  noted: z.boolean(),
  at: z.number(),
  context: z.string().nullable(),
  missed: z.boolean(),
};

/** One run of the model, for one person: because of a message, or of a decision of theirs. */
export const Turn = z.discriminatedUnion("cause", [
  z.object({
    ...common,
    cause: z.literal("message"),
    body: z.string().transform((text) => ChatMessage.parse(JSON.parse(text))),
  }),
  z.object({ ...common, cause: z.literal("decision"), body: ApprovalId }),
]);
export type Turn = z.infer<typeof Turn>;

/** What a step answered, in order. A call is named by its place among the step's calls. */
export const Part = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("call"), n: z.number().int() }),
]);
export type Part = z.infer<typeof Part>;

const json = z.string().transform((text): unknown => JSON.parse(text));

export const Step = z.object({
  turn: z.number().int(),
  n: z.number().int(),
  state: z.enum(["calling", "done"]),
  attempts: z.number().int(),
  parts: json.pipe(z.array(Part)),
  finish: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
});
export type Step = z.infer<typeof Step>;

export const CallState = z.enum(["pending", "asked", "running", "ended"]);
export type CallState = z.infer<typeof CallState>;

export const Call = z.object({
  turn: z.number().int(),
  step: z.number().int(),
  n: z.number().int(),
  id: z.string(),
  providerId: z.string(),
  tool: z.string(),
  input: json.pipe(z.json()),
  state: CallState,
  approval: ApprovalId.nullable(),
  output: json.pipe(z.json()).nullable(),
});
export type Call = z.infer<typeof Call>;

/** A message that came while a turn was running. `at`: the step before which it stands; null: not taken yet; -1: taken back. */
export const Steer = z.object({
  id: z.string(),
  turn: z.number().int(),
  body: z.string().transform((text) => ChatMessage.parse(JSON.parse(text))),
  at: z.number().nullable(),
});
export type Steer = z.infer<typeof Steer>;

/** A call's id: the same whenever it is made again, and fit to be a provider's. */
export const callIdOf = (turn: number, step: number, n: number): string => `c${turn}-${step}-${n}`;
export const turnIdOfMessage = (id: string): TurnId => TurnId.parse(`message:${id}`);
export const turnIdOfDecision = (id: ApprovalId): TurnId => TurnId.parse(`decision:${id}`);
