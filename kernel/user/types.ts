import { z } from "zod";
import type { CommandResult } from "../tools/command/command.ts";
import type { Outcome } from "../errors.ts";
import { SandboxTime, ThreadEvent } from "../events/types.ts";
import { ThreadId, TurnId } from "../ids.ts";
import type { BoxLabel } from "../sandbox/computer/preview-label.ts";
import type { BoxName } from "../sandbox/computer/types.ts";
import type { Overview, Settings, ThreadNote } from "./overview.ts";

/** One tool call as a Thread hands it to the Kernel of the person who asked. */
export const ToolCall = z.object({
  tool: z.string(),
  input: z.json(),
  /** What the approval was bound to; null for a tool that needs none. */
  pinned: z.json(),
  answer: z.string().nullable(),
  thread: ThreadId,
  turn: TurnId,
  /** The same after a crash, so that a call is run once. */
  call: z.string().min(1).max(240),
  userName: z.string(),
  eyes: z.boolean(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const ToolReply = z.object({
  output: z.json(),
  detail: z.string(),
  events: z.array(ThreadEvent),
  /** The number of each event among all that the call has told: an event that comes again is known by it. */
  numbers: z.array(z.number()).default([]),
  sights: z.array(z.object({ path: z.string(), mediaType: z.string() })),
  sandbox: SandboxTime.optional(),
});
export type ToolReply = z.infer<typeof ToolReply>;

export const PreparedReply = z.object({
  title: z.string(),
  body: z.string(),
  pinned: z.json(),
  choices: z.array(z.object({ id: z.string(), label: z.string() })),
  events: z.array(ThreadEvent).default([]),
});
export type PreparedReply = z.infer<typeof PreparedReply>;

/** What a Thread asks of a Kernel, over RPC. Errors come back as data. */
export interface KernelPort {
  prepareTool(call: ToolCall): Promise<Outcome<PreparedReply>>;
  /**
   * Runs a call once; asked again it gives what came of it, waits for it while it still runs, or gives
   * `tool.interrupted`. `hear` is told lines for the call's card, and what the tools have done that it calls by itself:
   * events numbered from `first`.
   */
  runTool(
    call: ToolCall,
    hear: (line: string, events: ThreadEvent[], first: number) => void,
  ): Promise<Outcome<ToolReply>>;
  /** A Thread tells what becomes of a turn and what waits for this person in it; it gets what they have set. */
  noteThread(note: ThreadNote): Promise<Settings>;
  overview(): Promise<Outcome<Overview>>;
  settings(): Promise<Settings>;
  /** Checks and keeps; `config.invalid` says what is wrong with a value. */
  saveSettings(settings: Settings): Promise<Outcome<Settings>>;
  /** A `deckhand …` command line of one of this person's boxes. */
  boxCommand(order: unknown): Promise<Outcome<CommandResult>>;
  /** Ends a running call; it answers `tool.interrupted`. */
  cancelTool(turn: TurnId, call: string): Promise<void>;
  /** Saves a file that came in through chat and gives its path. The same `key` again gives the same path. */
  saveUpload(upload: {
    thread: ThreadId;
    turn: TurnId;
    name: string;
    mediaType: string;
    bytes: Uint8Array;
  }): Promise<Outcome<{ path: string; sizeBytes: number }>>;
  /** A person is about to open a shell in that box of theirs: the object to ask for it, within their cap. */
  openTerminal(name: BoxName): Promise<Outcome<BoxLabel>>;
  /** A picture for the model's eyes. */
  readSight(sight: {
    thread: ThreadId;
    path: string;
    maxBytes: number;
    /** Of the only content that is wanted. */
    sha256?: string;
  }): Promise<Outcome<{ bytes: Uint8Array; mediaType: string }>>;
}
