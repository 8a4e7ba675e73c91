import { z } from "zod";
import { ApprovalCard } from "../events/types.ts";
import { ThreadId, TurnId } from "../ids.ts";
import { FileInfo } from "../files/types.ts";
import { limits } from "../limits.ts";
import { AllowedHost } from "../sandbox/computer/allowed-hosts.ts";

/** What a Thread tells the Kernel of its person about their thread: after each turn, and when what waits has changed. */
export const ThreadNote = z.object({
  thread: ThreadId,
  turn: TurnId,
  /** The turn's place in its thread: turns end in that order. */
  seq: z.number().int(),
  title: z.string(),
  state: z.enum(["running", "suspended", "finished", "failed"]),
  at: z.number(),
  /** A run of the model has ended with this: what it used is counted. */
  ended: z.boolean(),
  model: z.string(),
  /** Of this turn, where the provider said. */
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  /** All cards of this person that wait in the thread now. */
  pending: z.array(ApprovalCard),
});
export type ThreadNote = z.infer<typeof ThreadNote>;

export const Settings = z.object({
  /** A model string as in MODEL, or null for the owner's. */
  model: z.string().max(200).nullable(),
  /** Hosts that the person's computers may reach; none, until they say so. */
  hosts: z.array(AllowedHost).max(limits.computer.maxEgressHosts),
});
export type Settings = z.infer<typeof Settings>;

const ThreadRow = z.object({ thread: ThreadId, title: z.string(), state: ThreadNote.shape.state, at: z.number() });
const SiteRow = z.object({ slug: z.string(), title: z.string(), url: z.string(), version: z.number(), at: z.number() });

/** Everything a person's Home shows; every list newest first and bounded by `limits.home`. */
export const Overview = z.object({
  threads: z.array(ThreadRow),
  approvals: z.array(z.object({ thread: ThreadId, card: ApprovalCard })),
  sites: z.array(SiteRow),
  files: z.array(FileInfo),
  usage: z.object({
    /** The day, UTC, as YYYY-MM-DD. */
    day: z.string(),
    turns: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    /** Time that this person's tools worked in isolates and in computers. */
    isolateMs: z.number(),
    computerMs: z.number(),
  }),
  settings: Settings,
});
export type Overview = z.infer<typeof Overview>;
export type ThreadSummary = z.infer<typeof ThreadRow>;
export type SiteSummary = z.infer<typeof SiteRow>;
