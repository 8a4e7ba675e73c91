import { type ExecEvent, parseSSEStream } from "@cloudflare/sandbox";
import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import type { ExecOrder, OnOutput } from "../box-port.ts";
import { HeadTail } from "../head-tail.ts";
import { keepingState, readingFrom } from "../shell-text.ts";
import type { ExecResult } from "../types.ts";
import type { CommandClock } from "./command-clock.ts";
import type { ComputerSandbox } from "./computer-sandbox.ts";

const { computer } = limits;
const killed = 137;
/** As of `timeout` of coreutils. */
export const timedOut = 124;

const seconds = (ms: number): string => `${(ms / 1000).toLocaleString("en", { maximumFractionDigits: 1 })} s`;
const count = (n: number): string => n.toLocaleString("en");

/** The folder where commands find their input and, on the official image, what their session kept. */
const scratch = "/tmp/.deckhand";

export interface Running {
  clock: CommandClock;
  sandbox: ComputerSandbox;
  /** Whether the server keeps folder and variables of a session itself. */
  keepsState: boolean;
  signal: AbortSignal;
  onOutput: OnOutput;
}

/** Runs one command to its end, its limit or its abort, and gives what it wrote. */
export async function runCommand(
  order: ExecOrder,
  { clock, sandbox, keepsState, signal, onOutput }: Running,
): Promise<ExecResult> {
  const from = Date.now();
  const kept = { stdout: new HeadTail(computer.maxOutputChars), stderr: new HeadTail(computer.maxOutputChars) };
  const shown = forward(onOutput);
  const input = order.stdin === undefined ? null : `${scratch}/in-${order.id}`;
  let pid: number | undefined;
  let exitCode: number | null = null;
  try {
    if (input !== null) await sandbox.client.files.mkdir(scratch, order.session, { recursive: true });
    if (input !== null) await sandbox.client.files.writeFile(input, order.stdin ?? "", order.session);
    const command = input === null ? order.command : readingFrom(order.command, input);
    const state = { file: `${scratch}-state-${order.session}`, ...own(order) };
    const stream = await sandbox.execStreamWithSessionToken(
      keepsState ? command : keepingState(command, state),
      order.session,
      // The server's own clock is for the case that this object ends before the command.
      { timeout: order.timeoutMs + limits.isolate.maxApprovalWaitMs + 2_000, ...(keepsState ? own(order) : {}) },
    );
    for await (const event of parseSSEStream<ExecEvent>(stream, AbortSignal.any([signal, clock.signal]))) {
      if (event.type === "start") pid = event.pid;
      if (event.type === "complete") exitCode = event.exitCode ?? 0;
      if (event.type === "error")
        throw new KernelError("computer.interrupted", "The command could not be run to its end.");
      if (event.type === "stdout" || event.type === "stderr") {
        kept[event.type].add(event.data ?? "");
        shown.add(event.type, event.data ?? "");
      }
    }
  } catch (thrown) {
    // A box that has gone is not woken to tidy it.
    if (!signal.aborted && !clock.signal.aborted) throw thrown;
    await endProcess(sandbox, pid, order.session);
  } finally {
    clock.stop();
    await shown.settled();
  }
  if (input !== null) await sandbox.client.files.deleteFile(input, order.session).catch(() => undefined);
  signal.throwIfAborted();
  if (exitCode === null && !clock.signal.aborted)
    throw new KernelError("computer.interrupted", "The computer stopped answering in the middle of the command.");
  return {
    exitCode: exitCode ?? timedOut,
    stdout: kept.stdout.text(),
    stderr: kept.stderr.text(),
    wallMs: Date.now() - from,
    limits: [
      ...(["stdout", "stderr"] as const).flatMap((name) =>
        kept[name].cut
          ? [`${name} was cut to ${count(computer.maxOutputChars)} of ${count(kept[name].chars)} characters`]
          : [],
      ),
      ...(exitCode === null ? [`ended after ${seconds(order.timeoutMs)}, its time limit`] : []),
      // A jail's host knows; elsewhere it is a guess.
      ...(exitCode === killed && !keepsState
        ? [
            `killed by the system (exit 137), most often because memory ran out: the computer has ${count(computer.memoryBytes / 1024 / 1024)} MB`,
          ]
        : []),
    ],
  };
}

const own = ({ cwd, env }: ExecOrder) => ({
  ...(cwd === undefined ? {} : { cwd }),
  ...(env === undefined ? {} : { env }),
});

/** Passes output on as it comes, up to a bound, and knows when all of it has arrived. */
function forward(onOutput: OnOutput) {
  const sent = new Set<Promise<unknown>>();
  let chars = 0;
  return {
    add(stream: "stdout" | "stderr", text: string): void {
      if (text === "" || chars >= computer.maxStreamedChars) return;
      chars += text.length;
      // Over RPC this is a promise; whoever listens may be gone, and reads it in the result then.
      const one: Promise<unknown> = Promise.resolve(onOutput(stream, text)).catch(() => undefined);
      sent.add(one);
      void one.then(() => sent.delete(one));
    },
    settled: () => Promise.all(sent),
  };
}

/** Ends what a command started; the end of its stream ends it in a jail, the official image wants it by name. */
async function endProcess(sandbox: ComputerSandbox, pid: number | undefined, session: string): Promise<void> {
  if (pid === undefined) return;
  try {
    const found = (await sandbox.listProcesses(session)).find((one) => one.pid === pid && one.status === "running");
    if (found) await sandbox.killProcess(found.id);
  } catch {
    // It has ended by itself, or the box has.
  }
}
