import type { ChatAction, ChatInput } from "./chat/types.ts";
import type { KernelEnv } from "./env.ts";
import type { Outcome } from "./errors.ts";
import type { StampedEvent } from "./events/types.ts";
import type { ChannelId, ThreadId, TurnId, UserId } from "./ids.ts";
import type { Json } from "./tools/types.ts";
import type { KernelPort, ToolReply } from "./user/types.ts";

/** A call that a person must consent to, made from within another call that is open and waits. */
export interface NestedCall {
  /** Whose Kernel asks. */
  user: UserId;
  turn: TurnId;
  /** The open call that it is made from. */
  parent: string;
  call: string;
  tool: string;
  input: Json;
  maxWaitMs: number;
}

/** What the Channel and the Worker ask of a Thread. Small on purpose: callers need not know what a Thread is made of. */
export interface ThreadPort {
  /**
   * Takes an input for good: when this answers, the Thread has it on disk. The same id again changes nothing. `missed`:
   * others have written in the thread since the last input, and it was not for us. True when that will be read.
   */
  receive(input: ChatInput, missed: boolean): Promise<boolean>;
  /** Asks the person, waits at most `maxWaitMs`, and runs it when it was approved; `approval.denied`, `approval.expired`. */
  nestedCall(call: NestedCall): Promise<Outcome<ToolReply>>;
  /** The one who waits for a nested call has gone: its card is closed and nothing runs. */
  endNested(call: string): Promise<void>;
  /** Whether a change of what waits for a decision would be taken: nothing is changed, its error says why not. */
  checkRevision(press: ChatAction): Promise<Outcome<null>>;
  /** Events of the trace after `seq`, at most 500. */
  eventsAfter(seq: number): Promise<StampedEvent[]>;
}

/*
 * A stub's own type unfolds every method of the class and of all it extends; these ports are what we call, no more.
 * The casts are safe as long as the classes implement the ports, which their `implements` clauses check.
 */
export const threadStub = (env: KernelEnv, id: ThreadId): ThreadPort =>
  env.THREAD.getByName(id) as unknown as ThreadPort;
export const kernelStub = (env: KernelEnv, id: UserId): KernelPort => env.KERNEL.getByName(id) as unknown as KernelPort;
export const channelStub = (env: KernelEnv, id: ChannelId) => env.CHANNEL.getByName(id);
