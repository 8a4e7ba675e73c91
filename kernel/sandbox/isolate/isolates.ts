import type { Clock } from "../../clock.ts";
import { KernelError } from "../../errors.ts";
import type { FileTree } from "../../files/types.ts";
import type { ThreadId, TurnId, UserId } from "../../ids.ts";
import { limits as allLimits } from "../../limits.ts";
import type { Json } from "../../tools/types.ts";
import { type Ending, endingOfRuntime, errorOf, GuestReply } from "./ending.ts";
import { guestModules, mainModule } from "./guest/modules.ts";
import type { IsolateLimits, IsolateProps, Run, Runs } from "./runs.ts";
import type { IsolateRequest, IsolateResult, Isolates } from "./types.ts";

/**
 * Of the guests, not of the Worker: what a program sees of the runtime changes only when this does. From 2026-09-01 on
 * the Node globals (process, Buffer) come by default: more to close, and 2 to 6 ms more for each isolate.
 */
const compatibilityDate = "2026-08-01";
/** The program's own clock goes first; this one is for a program that only waits. */
const wallGraceMs = 100;

type StubOf = (options: { props: IsolateProps }) => unknown;

export interface IsolateSetup {
  loader: WorkerLoader;
  /** `ctx.exports` of the Durable Object: the Worker exports the classes of `entrypoints.ts`. */
  exports: { IsolateFiles: StubOf; IsolateLogs: StubOf };
  /** One for a Kernel: its programs share the places. */
  runs: Runs;
  files: FileTree;
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
  const { user, thread, turn, files, runs, now } = setup;
  const props: IsolateProps = { user, thread, turn, run: crypto.randomUUID() };
  let run: Run | null = null;
  let started = now();
  let ending: Ending;
  let release: (() => void) | null = null;
  try {
    const program = await prepared(request.code, limits);
    release = await runs.queue.enter(request.signal, (place) => request.onQueued?.(place));
    started = now();
    run = runs.open({ props, files, limits, onLog: (lines) => request.onLog(lines) });
    ending = await execute(setup, limits, props, program, request.signal);
  } catch (thrown) {
    const error = KernelError.wrap(thrown, "internal", "The program could not be started.");
    ending = { end: "refused", error, line: lineOf(thrown) };
  } finally {
    // From here on what is left of the isolate reaches nothing.
    runs.close(props);
    release?.();
  }
  const { value, cut } = valueOf(ending, limits);
  const truncated: string[] = [];
  if (run?.logsCut)
    truncated.push(
      `logs: cut at ${limits.maxLogLines} lines or ${limits.maxLogChars} characters (limits.isolate.maxLogLines, maxLogChars)`,
    );
  if (cut)
    truncated.push(
      `result: cut at ${limits.maxResultChars} characters (limits.isolate.maxResultChars); write large results to a file`,
    );
  return { value, logs: run?.logs ?? [], error: errorOf(ending, limits), wallMs: now() - started, truncated };
}

/** The program's module. The parser is loaded with the first program, not with the Worker. */
async function prepared(code: string, limits: IsolateLimits): Promise<string> {
  if (code.length > limits.maxCodeChars)
    throw new KernelError(
      "input.invalid",
      `The program has ${code.length} characters; at most ${limits.maxCodeChars} are taken (limits.isolate.maxCodeChars).`,
    );
  const { programModule } = await import("./program.ts");
  return programModule(code);
}

const lineOf = (thrown: unknown): number | null =>
  thrown instanceof KernelError && "line" in thrown && typeof thrown.line === "number" ? thrown.line : null;

interface Guest extends Rpc.WorkerEntrypointBranded {
  run(): Promise<unknown>;
}

async function execute(
  { loader, exports }: IsolateSetup,
  limits: IsolateLimits,
  props: IsolateProps,
  program: string,
  signal: AbortSignal,
): Promise<Ending> {
  const { promise: ended, resolve: end } = Promise.withResolvers<Ending>();
  const stop = () => end({ end: "stopped" });
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(() => end({ end: "limit", limit: "wall" }), limits.wallMs + wallGraceMs);
  const worker = loader.load({
    compatibilityDate,
    mainModule,
    modules: guestModules(program, limits),
    env: { FILES: exports.IsolateFiles({ props }), LOGS: exports.IsolateLogs({ props }) },
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
    clearTimeout(timer);
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

function valueOf(ending: Ending, limits: IsolateLimits): { value: Json; cut: boolean } {
  if (ending.end !== "value") return { value: null, cut: false };
  // The isolate keeps to the cap by itself; one that does not is cut without being understood.
  if (ending.json.length > limits.maxResultChars)
    return { value: ending.json.slice(0, limits.maxResultChars), cut: true };
  try {
    return { value: JSON.parse(ending.json) as Json, cut: ending.cut };
  } catch {
    return { value: null, cut: true };
  }
}
