import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError, errnoOf } from "./errors.ts";
import { agentLimits } from "./limits.ts";

export interface RunSpec {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Whether it is written to; absent, it reads nothing. */
  input?: boolean;
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
  /** Where it reads from, with `input`. */
  readonly input: Writable | null;
  /** Stops and goes on reading what it writes. */
  hold(on: boolean): void;
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
class Reader {
  readonly #from: Readable;
  #bytes = 0;
  #held = false;
  /** Set when nobody wants it any more: it is still read, so that who writes does not die of it, and dropped. */
  dropped = false;
  lastAt = 0;

  constructor(from: Readable, onChunk: (chunk: Buffer) => void) {
    this.#from = from;
    from.on("error", () => undefined);
    from.on("data", (chunk: Buffer) => {
      this.lastAt = performance.now();
      this.#bytes += chunk.length;
      if (!this.dropped) onChunk(chunk);
      if (this.#bytes < agentLimits.floodBytes && !this.dropped) return;
      from.pause();
      setTimeout(() => this.#held || from.resume(), agentLimits.floodPauseMs).unref();
    });
  }

  hold(on: boolean): void {
    this.#held = on && !this.dropped;
    if (this.#held) this.#from.pause();
    else this.#from.resume();
  }
}

const refusal = (thrown: unknown, file: string) =>
  new AgentError(
    "COMMAND_EXECUTION_ERROR",
    `Could not start: ${thrown instanceof Error ? thrown.message : "unknown"}`,
    {
      command: file,
    },
  );

/** A program that has begun, or the system's error. */
async function begin({ file, args, cwd, env, input }: RunSpec) {
  const child = spawn(file, args, {
    cwd,
    env,
    detached: true,
    stdio: [input === true ? "pipe" : "ignore", "pipe", "pipe"],
  });
  const exited = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve({ code: code ?? 128 + (signal === null ? 0 : (signalNumbers[signal] ?? 0)), signal }),
    );
  });
  exited.catch(() => undefined);
  const { pid, stdin, stdout, stderr } = child;
  if (pid !== undefined && stdout !== null && stderr !== null) return { pid, stdin, stdout, stderr, exited };
  await exited;
  throw new Error("no process");
}

/** The same; when there is no room for a process, as while a fork bomb is being ended, it is tried for a while. */
async function beginWithin(spec: RunSpec, ms: number) {
  const until = performance.now() + ms;
  while (true) {
    try {
      return await begin(spec);
    } catch (thrown) {
      if (errnoOf(thrown) !== "EAGAIN" || performance.now() > until) throw refusal(thrown, spec.file);
      await sleep(agentLimits.startRetryMs);
    }
  }
}

/**
 * Starts a program in a process group of its own.
 * @throws AgentError COMMAND_EXECUTION_ERROR when it cannot be started (no such program, too many processes).
 */
export async function run(spec: RunSpec): Promise<Run> {
  const { pid, stdin, stdout, stderr, exited } = await beginWithin(spec, agentLimits.startWithinMs);
  stdin?.on("error", () => undefined);
  const readers = [
    new Reader(stdout, (chunk) => spec.onChunk("stdout", chunk)),
    new Reader(stderr, (chunk) => spec.onChunk("stderr", chunk)),
  ];
  const closed = Promise.all(
    [stdout, stderr].map((stream) => new Promise((resolve) => stream.once("close", resolve))),
  ).then(() => true);

  const settle = async (): Promise<Ended> => {
    const how = await exited;
    const since = performance.now();
    const quiet = () => {
      const now = performance.now();
      const last = Math.max(since, ...readers.map(({ lastAt }) => lastAt));
      return now - last >= agentLimits.drainQuietMs || now - since >= agentLimits.drainMaxMs;
    };
    for (const reader of readers) reader.hold(false);
    const tick = () => Promise.race([closed, sleep(agentLimits.drainQuietMs, false)]);
    while (!(await tick()) && !quiet()) continue;
    for (const reader of readers) reader.dropped = true;
    return how;
  };
  const ended = settle();
  ended.catch(() => undefined);
  let killed = false;
  return {
    pid,
    ended,
    input: stdin,
    hold: (on) => readers.forEach((reader) => reader.hold(on)),
    kill() {
      if (killed) return;
      killed = true;
      signalGroup(pid, "SIGTERM");
      // Not unrefed on purpose, and not cleared when the leader is gone: one of its group may have ignored TERM.
      setTimeout(() => signalGroup(pid, "SIGKILL"), agentLimits.killGraceMs);
    },
  };
}
