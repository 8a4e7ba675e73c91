import { z } from "zod";
import { KernelError, type Outcome, outcome } from "../../errors.ts";
import type { FileTree } from "../../files/types.ts";
import { ThreadId, TurnId, UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import type { Json } from "../../tools/types.ts";
import { bytesMs, type Work } from "../../work.ts";
import { answerFilesCall, type FilesValue, parseFilesCall } from "./files-call.ts";
import { answerProxyCall, parseProxyCall, type ProxyAnswer } from "./proxy-call.ts";
import { Queue } from "./queue.ts";
import { parseToolsCall, type ProgramTools, type ProgramWait } from "./tools-call.ts";

/** Who a program runs for. It rides in the stubs' props, where the program can neither read nor change it. */
export const IsolateProps = z.object({ user: UserId, thread: ThreadId, turn: TurnId, run: z.uuid() });
export type IsolateProps = z.infer<typeof IsolateProps>;

/** The bounds of one run, and of one Kernel's runs. */
export type IsolateLimits = { [Name in keyof typeof limits.isolate]: number };

interface RunOptions {
  props: IsolateProps;
  files: FileTree;
  tools: ProgramTools;
  /** Told when a person is waited for. */
  wait: ProgramWait;
  /** What the Kernel does for the program is counted there, as its own computing. */
  work: Work;
  onLog(lines: string[]): void;
  limits: IsolateLimits;
}

/** Lines of a flood are refused before they are looked at. */
const maxBatchChars = 2 * limits.isolate.maxLogChars;
const calls = { what: "calls of the program", limit: "limits.isolate.maxCallsQueued" };

/** One program that runs: its lines so far and its share of calls. */
export class Run {
  readonly logs: string[] = [];
  logsCut = false;
  #chars = 0;
  #calls = 0;
  readonly #options: RunOptions;
  /** Before a call is read: what waits has cost nothing but its place. */
  readonly #fileLine: Queue;
  /** A line of their own: a tool that waits for a person holds its place, and must hold up no file. */
  readonly #toolLine: Queue;

  constructor(options: RunOptions) {
    this.#options = options;
    const { maxCallsAtOnce, maxCallsQueued } = options.limits;
    this.#fileLine = new Queue(maxCallsAtOnce, maxCallsQueued, calls);
    this.#toolLine = new Queue(maxCallsAtOnce, maxCallsQueued, calls);
  }

  belongsTo(props: IsolateProps): boolean {
    const own = this.#options.props;
    return own.user === props.user && own.thread === props.thread && own.turn === props.turn;
  }

  async files(op: unknown, args: unknown): Promise<FilesValue> {
    return this.#inLine(this.#fileLine, () => {
      const call = parseFilesCall(op, args);
      const { maxWriteBytes } = this.#options.limits;
      if (call.op === "write" && call.args[1].length > maxWriteBytes)
        throw new KernelError(
          "file.too_large",
          `A program writes files of at most ${maxWriteBytes} bytes (limits.isolate.maxWriteBytes).`,
        );
      return answerFilesCall(this.#options.files, call);
    });
  }

  async tools(given: unknown, json: unknown, wait: ProgramWait): Promise<Json> {
    const { tools, work } = this.#options;
    return this.#inLine(this.#toolLine, async () => {
      const { name, input } = await parseToolsCall(given, json, work);
      return name === "list" ? tools.list() : tools.call(name, input, wait);
    });
  }

  get wait(): ProgramWait {
    return this.#options.wait;
  }

  async proxy(request: unknown, body: unknown): Promise<ProxyAnswer> {
    const { work } = this.#options;
    return this.#inLine(this.#fileLine, async () => {
      if (body instanceof Uint8Array) await work.spend(bytesMs(body.byteLength));
      return answerProxyCall(await parseProxyCall(request, body, work));
    });
  }

  get workMs(): number {
    return this.#options.work.spentMs;
  }

  /** Counted when it comes, in line before it is read, paid for before it is done. */
  async #inLine<T>(line: Queue, work: () => Promise<T>): Promise<T> {
    this.#count();
    const release = await line.enter();
    try {
      await this.#options.work.spend(limits.work.callMs);
      return await work();
    } finally {
      release();
    }
  }

  #count(): void {
    const { maxSubCalls } = this.#options.limits;
    this.#calls += 1;
    if (this.#calls > maxSubCalls)
      throw new KernelError(
        "limit.calls",
        `A program makes at most ${maxSubCalls} calls of FILES, TOOLS and PROXY (limits.isolate.maxSubCalls).`,
      );
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

/** What a stub answers: with what the Kernel has done for the program so far, which is computing of the program's. */
export type StubAnswer<T> = Outcome<T> & { workMs: number };
/** What the TOOLS stub answers: with how long a person was waited for, which is not the program's time. */
export type ToolsAnswer = StubAnswer<Json> & { waitedMs: number };

const LogLines = z.array(z.string().max(limits.isolate.maxLogChars + 1)).max(limits.isolate.maxLogLines + 1);

/** Whether it is so small that it may be looked at line by line. */
const isBatch = (lines: unknown): boolean =>
  Array.isArray(lines) &&
  lines.length <= limits.isolate.maxLogLines + 1 &&
  lines.reduce<number>((sum, line) => sum + (typeof line === "string" ? line.length : 1), 0) <= maxBatchChars;

/**
 * The programs running in one Kernel, and the line before them. The Kernel keeps one of these, and its methods that
 * the isolates' stubs call (`isolateFiles` and so on) hand on to it: a stub whose run is over reaches nothing.
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

  files(props: unknown, op: unknown, args: unknown): Promise<StubAnswer<FilesValue>> {
    return this.#answer(props, (run) => run.files(op, args));
  }

  async #answer<T>(props: unknown, call: (run: Run) => Promise<T>): Promise<StubAnswer<T>> {
    let workMs = 0;
    const answer = await outcome(async () => {
      const run = this.#find(props);
      try {
        return await call(run);
      } finally {
        ({ workMs } = run);
      }
    });
    return { ...answer, workMs };
  }

  async tools(props: unknown, name: unknown, input: unknown): Promise<ToolsAnswer> {
    let waitedMs = 0;
    const answer = await this.#answer(props, (run) => {
      const begin = () => {
        const from = Date.now();
        const over = run.wait.begin();
        return () => {
          waitedMs += Date.now() - from;
          over();
        };
      };
      return run.tools(name, input, { leftMs: () => run.wait.leftMs(), begin });
    });
    return { ...answer, waitedMs };
  }

  proxy(props: unknown, request: unknown, body: unknown): Promise<StubAnswer<ProxyAnswer>> {
    return this.#answer(props, (run) => run.proxy(request, body));
  }

  write(props: unknown, lines: unknown): Promise<Outcome<null>> {
    return outcome(async () => {
      const run = this.#find(props);
      if (run.logsCut) return null;
      if (!isBatch(lines)) throw new KernelError("input.invalid", "LOGS.write takes lines of text.");
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
