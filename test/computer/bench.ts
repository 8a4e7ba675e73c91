import { expect } from "vitest";
import { banner } from "../../kernel/sandbox/computer/simulated/refusals.ts";
import type { Box, ComputerKind, ExecRequest, ExecResult } from "../../kernel/sandbox/computer/types.ts";
import type { remoteFiles } from "./remote-box.ts";

/** Where boxes of one kind are had from. */
export interface Bench {
  box(user: string, name: string): Box;
  files(user: string): ReturnType<typeof remoteFiles>;
  /** Runs a program in an isolate that holds the stub of a simulated shell. */
  hostile(user: string, code: string): Promise<unknown>;
  /** Ends the Worker and starts it again; boxes go on, if they are of a kind that can. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Abilities {
  kind: ComputerKind;
  /** Whether there is a Linux behind it: programs, processes, ports, a file system that can be watched. */
  machine: boolean;
}

export type Run = (command: string, more?: Partial<ExecRequest>) => Promise<ExecResult>;

/** Runs commands in one session of a box. A simulated one's first line is looked at and taken away. */
export function runner(box: Box, session: string): Run {
  return async (command, more = {}) => {
    const { signal } = new AbortController();
    const order = { command, session, timeoutMs: 60_000, onOutput: () => undefined, signal, ...more };
    const result = await box.exec(order);
    if (box.kind !== "simulated") return result;
    expect(result.stdout.split("\n")[0]).toBe(banner);
    return { ...result, stdout: result.stdout.slice(banner.length + 1) };
  };
}

/** Looks again until it is so; the test's own time is the bound. */
export async function until<T>(look: () => Promise<T>, so: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (so(seen)) return seen;
    await new Promise((done) => setTimeout(done, 25));
  }
}
