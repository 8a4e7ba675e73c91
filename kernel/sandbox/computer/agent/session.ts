import { existsSync, statSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { AgentError } from "./errors.ts";
import { agentLimits } from "./limits.ts";
import { type Run, run } from "./run.ts";
import { firstState, prelude, wholeMark } from "./shell.ts";

export interface Command {
  command: string;
  /** For this command alone. */
  env: Record<string, string>;
  /** For this command alone. */
  cwd: string | undefined;
  /** Whether it is written to. */
  input?: boolean;
  onChunk(stream: "stdout" | "stderr", chunk: Buffer): void;
}

export interface SessionOptions {
  id: string;
  /** Folder that is its own. */
  folder: string;
  cwd: string;
  /** Where it goes when its folder is gone. */
  fallback: string;
  env: Record<string, string>;
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** A folder and variables that are kept from command to command, and a line of commands that run one by one. */
export class Session {
  readonly id: string;
  readonly #folder: string;
  readonly #fallback: string;
  readonly #ready: Promise<void>;
  readonly #running = new Set<Run>();
  #cwd: string;
  #line: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;
  #count = 0;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.#folder = options.folder;
    this.#fallback = options.fallback;
    this.#cwd = isFolder(options.cwd) ? options.cwd : options.fallback;
    this.#ready = this.#prepare(options.env);
    this.#ready.catch(() => undefined);
  }

  get cwd(): string {
    return this.#cwd;
  }
  get idle(): boolean {
    return this.#waiting === 0 && this.#running.size === 0;
  }
  /**
   * Runs `work` when all that came before has ended.
   * @throws AgentError RESOURCE_BUSY when too many wait, COMMAND_EXECUTION_ERROR when the signal ends the wait.
   */
  async turn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= agentLimits.maxWaiting)
      throw new AgentError("RESOURCE_BUSY", `${this.#waiting} commands wait in this session already.`);
    this.#waiting += 1;
    const before = this.#line;
    const mine = Promise.withResolvers<void>();
    this.#line = mine.promise;
    try {
      const gone = Promise.withResolvers<void>();
      const leave = () => gone.resolve();
      signal.addEventListener("abort", leave, { once: true });
      if (!signal.aborted) await Promise.race([before, gone.promise]);
      signal.removeEventListener("abort", leave);
      if (signal.aborted) throw new AgentError("COMMAND_EXECUTION_ERROR", "Ended before it was its turn.");
      this.#open();
      return await work();
    } finally {
      this.#waiting -= 1;
      // One that left early still stands in the line until those before it are done.
      void before.then(() => mine.resolve());
    }
  }

  /** Starts a command from what the session is now. With `keep`, what it leaves is what the next one starts from. */
  async start(command: Command, keep: boolean): Promise<Run> {
    this.#open();
    await this.#ready;
    // Those that keep run one by one: one name serves all.
    const next = keep ? join(this.#folder, "next") : "";
    const long = Buffer.byteLength(command.command) > agentLimits.maxArgumentBytes;
    const file = long ? join(this.#folder, `command-${(this.#count += 1)}`) : "";
    if (long) await writeFile(file, command.command);
    const own = command.cwd !== undefined;
    const started = await run({
      file: "bash",
      args: ["--noprofile", "--norc", "-c", prelude, "bash", join(this.#folder, "state"), next].concat(
        own ? [resolve(this.#cwd, command.cwd ?? ""), ""] : [this.#cwd, this.#fallback],
        long ? ["", file] : [command.command, ""],
        Object.entries(command.env).map(([name, value]) => `${name}=${value}`),
      ),
      cwd: "/",
      // bash itself is found by PATH; all it then knows comes from the state.
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      input: command.input === true,
      onChunk: (stream, chunk) => command.onChunk(stream, chunk),
    });
    this.#running.add(started);
    const tidy = async () => {
      this.#running.delete(started);
      if (long) await rm(file, { force: true });
      const say = (text: string) => command.onChunk("stderr", Buffer.from(text));
      if (keep) await this.#take(next, !own, say).catch(() => say("deckhand: the session's variables were not kept\n"));
    };
    const ended = started.ended.then(async (how) => {
      await tidy();
      return how;
    });
    ended.catch(() => undefined);
    return { ...started, ended };
  }

  /** Ends what runs in it and forgets what it kept. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const one of this.#running) one.kill();
    await Promise.allSettled([...this.#running].map((one) => one.ended));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #prepare(env: Record<string, string>): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.#folder, "state"), firstState(env), { mode: 0o600 });
  }

  /** Takes over what a command left, if it came to write it: one that was killed, or did `exec`, changes nothing. */
  async #take(next: string, withFolder: boolean, say: (text: string) => void): Promise<void> {
    const size = await whole(next);
    if (size === null || this.#closed) return;
    if (size > agentLimits.maxStateBytes) {
      say(`deckhand: the session's variables are larger than ${agentLimits.maxStateBytes} bytes and were not kept\n`);
      return rm(next, { force: true });
    }
    const cwd = await readFile(`${next}.cwd`, "utf8");
    await rename(next, join(this.#folder, "state"));
    if (withFolder && isAbsolute(cwd)) this.#cwd = cwd;
  }

  #open(): void {
    if (this.#closed)
      throw new AgentError("SESSION_DESTROYED", `The session "${this.id}" was deleted.`, { sessionId: this.id });
  }
}

/** The size of a state that was written to its end; null when there is none. */
async function whole(path: string): Promise<number | null> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const end = Buffer.alloc(wholeMark.length);
    await file.read(end, 0, end.length, Math.max(0, size - end.length));
    return end.toString() === wholeMark ? size : null;
  } catch {
    return null;
  }
}
