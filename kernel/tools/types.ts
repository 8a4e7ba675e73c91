import type { z } from "zod";
import type { Outcome } from "../errors.ts";
import type { Risk, SandboxTime, ThreadEvent } from "../events/types.ts";
import type { FileTree } from "../files/types.ts";
import type { ThreadId, TurnId, UserId } from "../ids.ts";
import type { Computers } from "../sandbox/computer/types.ts";
import type { Isolates } from "../sandbox/isolate/types.ts";
import type { Sites } from "../sites/types.ts";
import type { ToolReply } from "../user/types.ts";

/** What a tool can do to the world; rules are written against these. */
export type Capability =
  | "fs.read"
  | "fs.write"
  | "net.fetch"
  | "net.listen"
  | "process.run"
  | "env.read"
  | "host.call"
  | "account.use";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a call may use: the things of the person who asked, and nobody else's. */
export interface ToolContext {
  user: UserId;
  userName: string;
  thread: ThreadId;
  turn: TurnId;
  /** The call's own id: the same after a crash, so that it can be known from before. */
  call: string;
  files: FileTree;
  isolates: Isolates;
  computers: Computers;
  sites: Sites;
  /** What the model in use can take in. */
  model: { eyes: boolean };
  signal: AbortSignal;
  now(): number;
  /** One line, or a few, for the task card while the tool runs. Bounded by the caller; never throws. */
  progress(detail: string): void;
  /**
   * Calls another tool for this person, as the model would: same schemas, same rules, its own row in the audit, and a
   * card where it needs consent, for which this call waits. Never throws; `input.invalid`, `tool.unknown`,
   * `code.refused`, `approval.denied`, `approval.expired` and what the tool itself answers.
   */
  nested(request: NestedRequest): Promise<Outcome<ToolReply>>;
  /** For a question: the choice the person made. */
  answer: string | null;
}

/** A tool called by a tool: by a program, or by a command in the computer. */
export interface NestedRequest {
  tool: string;
  input: Json;
  /** Ends this call alone; all of them end with the call they were made from. */
  signal?: AbortSignal;
  /** How long a person may be waited for; `limits.isolate.maxApprovalWaitMs` at the most. */
  maxWaitMs?: number;
  /** Called when a person is asked; what it gives is called when that is over. */
  waiting?(): () => void;
}

/** A picture the model should look at at its next step; bytes are read from the person's files. */
export interface Sight {
  path: string;
  mediaType: string;
}

export interface ToolResult {
  /** What the model gets. */
  output: Json;
  /** One line for the task card. */
  detail: string;
  /** Things for the trace: `site.published`, `file.posted`, `notice`. */
  events?: ThreadEvent[];
  sights?: Sight[];
  /** Where the work ran and how long; counted, and told in the trace. */
  sandbox?: SandboxTime;
}

/**
 * What a person is shown before a tool runs. `pinned` is hashed with the input and handed to `run`, which must refuse
 * (`approval.changed`) when the world no longer matches it: what the card shows is what runs.
 */
export interface Prepared {
  title: string;
  /** Markdown. */
  body: string;
  pinned: Json;
  choices?: { id: string; label: string }[];
  /** Put into the thread before the card: what the card is about and is too long for it. */
  events?: ThreadEvent[];
}

export interface ToolDefinition<Input extends z.ZodType = z.ZodType> {
  name: string;
  /** For the model. */
  description: string;
  input: Input;
  capability: Capability;
  risk: Risk;
  /** `ask` is a question to a person; `approve` a decision; absent, it runs at once. */
  consent?: "approve" | "ask";
  /** Whether it is a command inside the computer too: `deckhand <name>`. */
  command?: true;
  /** Title of the task card for this input. */
  title(input: z.infer<Input>): string;
  /** Required when `consent` is set. Throws when the call could not run anyway, so that nobody is asked for nothing. */
  prepare?(input: z.infer<Input>, ctx: ToolContext): Promise<Prepared>;
  run(input: z.infer<Input>, ctx: ToolContext, pinned: Json): Promise<ToolResult>;
}
