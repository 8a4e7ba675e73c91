import { KernelError, outcome, type Outcome } from "../errors.ts";
import { limits } from "../limits.ts";
import { callVariable } from "../sandbox/computer/bindings/names.ts";
import { Queue } from "../sandbox/isolate/queue.ts";
import type { Box, ExecRequest } from "../sandbox/computer/types.ts";
import { CommandOrder, runCommand, type CommandResult } from "../tools/command/command.ts";
import { tools } from "../tools/index.ts";
import type { ToolContext } from "../tools/types.ts";

type CallNested = ToolContext["nested"];

interface Caller {
  nested: CallNested;
  /** A command line waits here before it is read. */
  line: Queue;
  hold: (held: boolean) => void;
  calls: number;
}

/** What may be called from within a box. Not the box itself, and nothing that would end it. */
const offered = tools.filter((tool) => tool.command === true);

/**
 * Commands in a box that call tools. While the model's own command runs there, `deckhand …` within it is a call made
 * from that call; when it has ended, what it left running can call nothing more.
 */
export class Commands {
  readonly #open = new Map<string, Caller>();

  /** The box, with a word in the environment of each command by which what it calls is known. */
  within(box: Box, nested: CallNested): Box {
    const exec = async (request: ExecRequest) => {
      const word = crypto.randomUUID();
      const line = new Queue(limits.isolate.maxCallsAtOnce, limits.isolate.maxSubCalls);
      const caller: Caller = { nested, line, hold: () => {}, calls: 0 };
      this.#open.set(word, caller);
      try {
        return await box.exec({
          ...request,
          env: { ...request.env, [callVariable]: word },
          onHold: (hold) => {
            caller.hold = hold;
            request.onHold?.(hold);
          },
        });
      } finally {
        this.#open.delete(word);
      }
    };
    return { ...box, exec };
  }

  /** One command line of a box. */
  run(given: unknown): Promise<Outcome<CommandResult>> {
    return outcome(async () => {
      const order = CommandOrder.safeParse(given);
      if (!order.success) throw new KernelError("input.invalid", "That is no command line.");
      const caller = this.#open.get(order.data.call);
      if (!caller)
        throw new KernelError("code.refused", "Tools can be called while a command of a turn runs, and none does.");
      const release = await caller.line.enter();
      try {
        return await this.#command(order.data, caller);
      } finally {
        release();
      }
    });
  }

  #command(order: CommandOrder, caller: Caller): Promise<CommandResult> {
    return runCommand(order, offered, async (tool, input) => {
      caller.calls += 1;
      if (caller.calls > limits.isolate.maxSubCalls)
        return refused(`One command calls at most ${limits.isolate.maxSubCalls} tools.`);
      const waiting = () => {
        caller.hold(true);
        return () => caller.hold(false);
      };
      return caller.nested({ tool, input, waiting });
    });
  }
}

const refused = (why: string): Outcome<never> => ({ ok: false, error: new KernelError("limit.calls", why).toShape() });
