import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";

export interface RunSpec {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  onChunk(stream: "stdout" | "stderr", chunk: Buffer): void;
}

/** How it ended: by itself with a code, or by a signal (code 128 + its number, as shells have it). */
export interface Ended {
  code: number;
  signal: NodeJS.Signals | null;
}

export interface Run {
  readonly pid: number;
  /** When the program has ended and what it wrote has been read. */
  readonly ended: Promise<Ended>;
  /** Ends it and all it started in its group: TERM, and KILL after the grace. Safe to call often. */
  kill(): void;
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: nothing of the group is left.
  }
}

/** Reads what a command writes; a flood is read slowly, so that others get their turn. */
function read(from: Readable, onChunk: (chunk: Buffer) => void, isDetached: () => boolean): void {
  let bytes = 0;
  from.on("data", (chunk: Buffer) => {
    onChunk(chunk);
    bytes += chunk.length;
    if (bytes < agentLimits.floodBytes && !isDetached()) return;
    from.pause();
    setTimeout(() => from.resume(), agentLimits.floodPauseMs).unref();
  });
  from.on("error", () => undefined);
}

/**
 * Starts a program in a process group of its own.
 * @throws AgentError COMMAND_EXECUTION_ERROR when it cannot be started (no such program, too many processes).
 */
export async function run(spec: RunSpec): Promise<Run> {
  const child = spawn(spec.file, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let lastChunk = 0;
  // After the end of the command, what a child of it goes on writing is read, so that it does not die of it, and dropped.
  let detached = false;
  const take = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
    lastChunk = performance.now();
    if (!detached) spec.onChunk(stream, chunk);
  };
  read(child.stdout, take("stdout"), () => detached);
  read(child.stderr, take("stderr"), () => detached);
  const closed = Promise.all(
    [child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream.once("close", resolve))),
  );
  const exited = new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) =>
      reject(new AgentError("COMMAND_EXECUTION_ERROR", `Could not start: ${error.message}`, { command: spec.file })),
    );
    child.once("exit", (code, signal) =>
      resolve({ code: code ?? 128 + (signal === null ? 0 : (signalNumbers[signal] ?? 0)), signal }),
    );
  });
  exited.catch(() => undefined);
  const pid = child.pid;
  if (pid === undefined) {
    await exited;
    throw new AgentError("COMMAND_EXECUTION_ERROR", "Could not start.", { command: spec.file });
  }

  const settle = async (): Promise<Ended> => {
    const how = await exited;
    lastChunk = performance.now();
    const since = lastChunk;
    const quiet = () =>
      performance.now() - lastChunk >= agentLimits.drainQuietMs || performance.now() - since >= agentLimits.drainMaxMs;
    const isDone = closed.then(() => true);
    const tick = () => Promise.race([isDone, sleep(agentLimits.drainQuietMs, false)]);
    while (!(await tick()) && !quiet()) continue;
    detached = true;
    return how;
  };
  const ended = settle();
  ended.catch(() => undefined);
  let killed = false;
  return {
    pid,
    ended,
    kill() {
      if (killed) return;
      killed = true;
      signalGroup(pid, "SIGTERM");
      // Not unrefed on purpose, and not cleared when the leader is gone: one of its group may have ignored TERM.
      setTimeout(() => signalGroup(pid, "SIGKILL"), agentLimits.killGraceMs);
    },
  };
}
