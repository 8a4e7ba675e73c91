import { z } from "zod";
import { KernelError, type Outcome, outcome } from "../../errors.ts";
import type { FileTree } from "../../files/types.ts";
import { ThreadId, TurnId, UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { answerFilesCall, type FilesValue, parseFilesCall } from "./files-call.ts";
import { Queue } from "./queue.ts";

/** Who a program runs for. It rides in the stubs' props, where the program can neither read nor change it. */
export const IsolateProps = z.object({ user: UserId, thread: ThreadId, turn: TurnId, run: z.uuid() });
export type IsolateProps = z.infer<typeof IsolateProps>;

/** The bounds of one run, and of one Kernel's runs. */
export type IsolateLimits = { [Name in keyof typeof limits.isolate]: number };

interface RunOptions {
  props: IsolateProps;
  files: FileTree;
  onLog(lines: string[]): void;
  limits: IsolateLimits;
}

/** How many calls of one program are worked on at once: each may hold a whole file in memory. */
const callsAtOnce = 4;

/** One program that runs: its lines so far and its share of calls. */
export class Run {
  readonly logs: string[] = [];
  logsCut = false;
  #chars = 0;
  #calls = 0;
  readonly #options: RunOptions;
  readonly #line: Queue;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#line = new Queue(callsAtOnce, options.limits.maxSubCalls);
  }

  belongsTo(props: IsolateProps): boolean {
    const own = this.#options.props;
    return own.user === props.user && own.thread === props.thread && own.turn === props.turn;
  }

  async files(op: unknown, args: unknown): Promise<FilesValue> {
    const { maxSubCalls } = this.#options.limits;
    this.#calls += 1;
    if (this.#calls > maxSubCalls)
      throw new KernelError(
        "limit.calls",
        `A program makes at most ${maxSubCalls} calls of FILES (limits.isolate.maxSubCalls).`,
      );
    const call = parseFilesCall(op, args);
    const release = await this.#line.enter();
    try {
      return await answerFilesCall(this.#options.files, call);
    } finally {
      release();
    }
  }

  write(lines: string[]): void {
    const { maxLogLines, maxLogChars } = this.#options.limits;
    const kept: string[] = [];
    for (const line of lines) {
      const room = maxLogChars - this.#chars;
      if (this.logs.length >= maxLogLines || room <= 0 || this.logsCut) {
        this.logsCut = true;
        break;
      }
      const part = line.slice(0, room);
      if (part.length < line.length) this.logsCut = true;
      this.#chars += part.length;
      this.logs.push(part);
      kept.push(part);
    }
    if (kept.length > 0) this.#options.onLog(kept);
  }
}

const LogLines = z.array(z.string().max(limits.isolate.maxLogChars + 1)).max(limits.isolate.maxLogLines + 1);

/**
 * The programs running in one Kernel, and the line before them. The Kernel keeps one of these, and its methods that
 * the isolates' stubs call (`isolateFiles`, `isolateLogs`) hand on to it: a stub whose run is over reaches nothing.
 */
export class Runs {
  readonly queue: Queue;
  readonly #open = new Map<string, Run>();

  constructor(caps: Pick<IsolateLimits, "maxInFlight" | "maxQueued"> = limits.isolate) {
    this.queue = new Queue(caps.maxInFlight, caps.maxQueued);
  }

  open(options: RunOptions): Run {
    const run = new Run(options);
    this.#open.set(options.props.run, run);
    return run;
  }

  close(props: IsolateProps): void {
    this.#open.delete(props.run);
  }

  files(props: unknown, op: unknown, args: unknown): Promise<Outcome<FilesValue>> {
    return outcome(async () => this.#find(props).files(op, args));
  }

  write(props: unknown, lines: unknown): Promise<Outcome<null>> {
    return outcome(async () => {
      const run = this.#find(props);
      const parsed = LogLines.safeParse(lines);
      if (!parsed.success) throw new KernelError("input.invalid", "LOGS.write takes lines of text.");
      run.write(parsed.data);
      return null;
    });
  }

  #find(given: unknown): Run {
    const props = IsolateProps.safeParse(given);
    const run = props.success ? this.#open.get(props.data.run) : undefined;
    if (!props.success || !run?.belongsTo(props.data))
      throw new KernelError("code.refused", "This program is over; its stubs reach nothing.");
    return run;
  }
}
