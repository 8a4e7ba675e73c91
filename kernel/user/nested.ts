import { KernelError, outcome, type Outcome } from "../errors.ts";
import type { ThreadEvent } from "../events/types.ts";
import type { UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { ThreadPort } from "../stubs.ts";
import { toolByName } from "../tools/index.ts";
import type { Json, NestedRequest, Sight, ToolDefinition } from "../tools/types.ts";
import { callWithin } from "./ledger.ts";
import { mayCallWithin } from "./lineage.ts";
import type { ToolCall, ToolReply } from "./types.ts";
import type { Work } from "../work.ts";

/** The call in which a tool calls tools: a program, or a command in the computer. */
export interface Parent {
  call: ToolCall;
  /** What is done within counts there too. */
  work: Work;
  /** The tools of the calls that it is made from itself, the model's own first; none for that one. */
  above: readonly string[];
  /** Ends with the parent, however it ends. */
  signal: AbortSignal;
  /** A line for the parent's card, and things for the trace. */
  tell: (line: string, events: ThreadEvent[]) => void;
  /** Pictures that the model should look at when the parent is done. */
  see: (sights: Sight[]) => void;
}

export interface NestedDeps {
  user: UserId;
  thread(call: ToolCall): ThreadPort;
  /** Runs a call of this person's, once, with its row in the ledger. */
  run(call: ToolCall, within: Within, progress: (line: string) => void): Promise<Outcome<ToolReply>>;
}

/** Where a call is made from: what ends it, and what its work is counted to. */
export interface Within {
  signal: AbortSignal | null;
  work: Work | null;
}

/**
 * Calls of tools by a tool. The same definitions, schemas and rules as for the model: what asks nobody runs here, with a
 * row of its own in the ledger; what asks goes through the Thread, which shows the card and waits with the parent.
 */
export class Nested {
  readonly #deps: NestedDeps;
  readonly #parent: Parent;
  #made = 0;

  constructor(deps: NestedDeps, parent: Parent) {
    this.#deps = deps;
    this.#parent = parent;
  }

  call(request: NestedRequest): Promise<Outcome<ToolReply>> {
    return outcome(async () => {
      const { definition, input } = this.#read(request);
      const { call: parent, signal } = this.#parent;
      this.#made += 1;
      const call: ToolCall = {
        ...parent,
        tool: definition.name,
        input,
        pinned: null,
        answer: null,
        call: callWithin(parent.call, this.#made),
      };
      const either = request.signal ? AbortSignal.any([signal, request.signal]) : signal;
      if (either.aborted) throw stopped();
      const title = definition.title(definition.input.parse(input));
      const reply = definition.consent ? await this.#ask(call, either, request) : await this.#run(call, either, title);
      if (!reply.ok) throw KernelError.from(reply.error);
      this.#parent.see(reply.value.sights);
      return reply.value;
    });
  }

  #read({ tool, input: given }: NestedRequest): { definition: ToolDefinition; input: Json } {
    const { call, above } = this.#parent;
    const definition = toolByName(tool);
    if (!definition) throw new KernelError("tool.unknown", `There is no tool named ${tool.slice(0, 100)}.`);
    const refused = mayCallWithin([...above, call.tool], tool);
    if (refused) throw refused;
    const input = definition.input.safeParse(given);
    if (input.success) return { definition, input: given };
    const issue = input.error.issues[0];
    throw new KernelError("input.invalid", `${tool}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is not valid"}`.trim()); // oxfmt-ignore
  }

  async #run(call: ToolCall, signal: AbortSignal, title: string): Promise<Outcome<ToolReply>> {
    const { tell, work } = this.#parent;
    const reply = await this.#deps.run(call, { signal, work }, (line) => tell(line, []));
    tell(`${title} — ${reply.ok ? reply.value.detail : reply.error.userMessage}`, reply.ok ? reply.value.events : []);
    return reply;
  }

  /** Through the Thread: it asks, waits, and when it is approved has this Kernel run the call, with what was shown. */
  async #ask(call: ToolCall, signal: AbortSignal, request: NestedRequest): Promise<Outcome<ToolReply>> {
    const { call: parent } = this.#parent;
    const thread = this.#deps.thread(parent);
    const end = () => void thread.endNested(call.call).catch(() => undefined);
    signal.addEventListener("abort", end, { once: true });
    const waited = request.waiting?.();
    try {
      return await thread.nestedCall({
        user: this.#deps.user,
        turn: parent.turn,
        parent: parent.call,
        call: call.call,
        tool: call.tool,
        input: call.input,
        maxWaitMs: Math.min(request.maxWaitMs ?? Infinity, limits.isolate.maxApprovalWaitMs),
      });
    } finally {
      waited?.();
      signal.removeEventListener("abort", end);
    }
  }
}

const stopped = () => new KernelError("tool.interrupted", "Stopped before it started.");
