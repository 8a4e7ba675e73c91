import type { Clock } from "../../clock.ts";
import { KernelError } from "../../errors.ts";
import type { FileTree } from "../../files/types.ts";
import type { ThreadId, TurnId, UserId } from "../../ids.ts";
import { limits as allLimits } from "../../limits.ts";
import { Deadline } from "./deadline.ts";
import { type Ending, endingOfRuntime, errorOf, GuestReply } from "./ending.ts";
import { guestModules, mainModule, type ModuleTexts } from "./guest/modules.ts";
import { loadModules } from "./modules/load.ts";
import { resultOf } from "./result.ts";
import type { IsolateLimits, IsolateProps, Run, Runs } from "./runs.ts";
import type { ProgramTools } from "./tools-call.ts";
import type { IsolateRequest, IsolateResult, Isolates } from "./types.ts";
import type { Work } from "../../work.ts";

/**
 * Of the guests, not of the Worker: what a program sees of the runtime changes only when this does. From 2026-09-01 on
 * the Node globals (process, Buffer) come by default: more to close, and 2 to 6 ms more for each isolate.
 */
const compatibilityDate = "2026-08-01";
type StubOf = (options: { props: IsolateProps }) => unknown;

export interface IsolateSetup {
  loader: WorkerLoader;
  /** `ctx.exports` of the Durable Object: the Worker exports the classes of `entrypoints.ts`. */
  exports: { IsolateFiles: StubOf; IsolateTools: StubOf; IsolateProxy: StubOf; IsolateLogs: StubOf };
  /** One for a Kernel: its programs share the places. */
  runs: Runs;
  files: FileTree;
  /** What `files` and tools do for the call is counted there. */
  work: Work;
  tools: ProgramTools;
  user: UserId;
  thread: ThreadId;
  turn: TurnId;
  now: Clock;
  limits?: Partial<IsolateLimits>;
}

/**
 * Runs programs for one person in one turn, each in a fresh isolate with no network and only the stubs named here.
 * `run` never throws: whatever happens is a result.
 */
export function isolates(setup: IsolateSetup): Isolates {
  const limits = { ...allLimits.isolate, ...setup.limits };
  return { run: (request) => runOne(setup, limits, request) };
}

async function runOne(setup: IsolateSetup, limits: IsolateLimits, request: IsolateRequest): Promise<IsolateResult> {
  const { user, thread, turn, files, tools, runs, now, work } = setup;
  const props: IsolateProps = { user, thread, turn, run: crypto.randomUUID() };
  let run: Run | null = null;
  let started = now();
  /** Reading the program is its time too; waiting for a place is not. */
  let readMs = 0;
  let ending: Ending;
  let release: (() => void) | null = null;
  let deadline: Deadline | null = null;
  let free: (() => number) | null = null;
  try {
    const program = await prepared(request.code, limits);
    readMs = now() - started;
    release = await runs.queue.enter(request.signal, (place) => request.onQueued?.(place));
    started = now();
    const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
    const clock = new Deadline(
      limits.wallMs,
      limits.maxApprovalWaitMs,
      () => end({ end: "limit", limit: "wall" }),
      now,
    );
    deadline = clock;
    const wait = { leftMs: () => clock.waitLeftMs, begin: () => clock.wait() };
    free = work.limit(limits.cpuMs, () => end({ end: "limit", limit: "cpu" }));
    run = runs.open({ props, files, tools, wait, work, limits, onLog: (lines) => request.onLog(lines) });
    ending = await execute(setup, limits, props, program, request.signal, { ended, end });
  } catch (thrown) {
    const error = KernelError.wrap(thrown, "internal", "The program could not be started.");
    ending = { end: "refused", error, line: lineOf(thrown) };
  } finally {
    // From here on what is left of the isolate reaches nothing.
    runs.close(props);
    deadline?.close();
    release?.();
  }
  const workMs = free?.() ?? 0;
  const waitedMs = deadline?.waitedMs ?? 0;
  const result = await resultOf(ending, limits, files, props.run);
  const logs = run?.logs ?? [];
  if (run?.logsCut)
    result.truncated.unshift(
      `logs: cut at ${limits.maxLogLines} lines or ${limits.maxLogChars} characters (limits.isolate.maxLogLines, maxLogChars)`,
    );
  return { ...result, logs, error: errorOf(ending, limits, workMs), wallMs: readMs + now() - started - waitedMs };
}

interface Prepared {
  program: string;
  modules: ModuleTexts;
}

/** The program's module and what it imports. The parser is loaded with the first program, not with the Worker. */
async function prepared(code: string, limits: IsolateLimits): Promise<Prepared> {
  if (code.length > limits.maxCodeChars)
    throw new KernelError(
      "input.invalid",
      `The program has ${code.length} characters; at most ${limits.maxCodeChars} are taken (limits.isolate.maxCodeChars).`,
    );
  const { programModule } = await import("./program.ts");
  const { text, modules } = await programModule(code);
  return { program: text, modules: await loadModules(modules) };
}

const lineOf = (thrown: unknown): number | null =>
  thrown instanceof KernelError && "line" in thrown && typeof thrown.line === "number" ? thrown.line : null;

/** What is too large is refused before it is sent. */
const { maxInputChars, maxInputValues } = allLimits.nested;
const sendCaps = { maxInputChars, maxInputValues };

interface Guest extends Rpc.WorkerEntrypointBranded {
  run(): Promise<unknown>;
}

async function execute(
  { loader, exports, tools }: IsolateSetup,
  limits: IsolateLimits,
  props: IsolateProps,
  { program, modules }: Prepared,
  signal: AbortSignal,
  { ended, end }: { ended: Promise<Ending>; end: (ending: Ending) => void },
): Promise<Ending> {
  const stop = () => end({ end: "stopped" });
  signal.addEventListener("abort", stop, { once: true });
  const worker = loader.load({
    compatibilityDate,
    mainModule,
    modules: guestModules(program, { ...limits, ...sendCaps, tools: tools.names }, modules),
    env: {
      FILES: exports.IsolateFiles({ props }),
      TOOLS: exports.IsolateTools({ props }),
      PROXY: exports.IsolateProxy({ props }),
      LOGS: exports.IsolateLogs({ props }),
    },
    globalOutbound: null,
    // Every batch of lines is a call too, beside those the program makes.
    limits: { cpuMs: limits.cpuMs, subRequests: limits.maxSubCalls + limits.maxLogLines + 1 },
  });
  const guest = worker.getEntrypoint<Guest>() as unknown as Guest;
  const reply = guest.run();
  reply.then(
    (answer) => {
      const parsed = GuestReply.safeParse(answer);
      end(parsed.success ? parsed.data : { end: "lost", why: "its answer was not one" });
    },
    (thrown: unknown) => end(endingOfRuntime(thrown)),
  );
  try {
    return await ended;
  } finally {
    signal.removeEventListener("abort", stop);
    // Ends what still runs there: timers, calls, a wait without end.
    dispose(reply);
    dispose(guest);
  }
}

/** RPC promises and stubs carry a disposer that their types do not always show. */
function dispose(stub: object): void {
  const disposer = (stub as Partial<Disposable>)[Symbol.dispose];
  if (typeof disposer === "function") disposer.call(stub as Disposable);
}
