import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRunning, type Running } from "../../bots/local/running.ts";
import { WorkspaceClient } from "../../bots/local/workspace/control-client.ts";
import { processes, type Running as Process } from "./processes.ts";

const root = join(import.meta.dirname, "../..");
const ownNode = join(root, "node_modules/.bin/node");
// An upper bound for what hangs: a busy machine is slow.
const readyWithinMs = 150_000;

export interface DeckhandOptions {
  /** What is under the computer; simulated when absent, which starts at once. */
  computer?: "jail" | "docker" | "simulated";
  /** Variables as in `.env`. */
  env?: Record<string, string>;
  /** A state folder that outlives the run, to start again from; made and removed by `close` when absent. */
  stateDir?: string;
}

/** Deckhand as `npm start` runs it, on free ports and a state folder of its own, and the workspace to act in. */
export class Deckhand {
  readonly url: string;
  readonly workerUrl: string;
  readonly stateDir: string;
  readonly slack: WorkspaceClient;
  readonly #child: ChildProcess;
  readonly #printed: string[];
  readonly #ownsState: boolean;
  #leftBehind: (() => void) | null = null;

  private constructor(
    child: ChildProcess,
    printed: string[],
    urls: { page: string; worker: string },
    stateDir: string,
    ownsState: boolean,
    slack: WorkspaceClient,
  ) {
    this.#child = child;
    this.#printed = printed;
    this.url = urls.page;
    this.workerUrl = urls.worker;
    this.stateDir = stateDir;
    this.#ownsState = ownsState;
    this.slack = slack;
  }

  static async start(options: DeckhandOptions = {}): Promise<Deckhand> {
    const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), "deckhand-"));
    const child = spawn(existsSync(ownNode) ? ownNode : process.execPath, [join(root, "bots/local/main.ts")], {
      cwd: root,
      // A group of its own, so that a crash test can kill everything at once.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: stateDir,
        // What a SIGKILL leaves of temporary files goes with the state.
        TMPDIR: stateDir,
        PORT: "0",
        WORKER_PORT: "0",
        DECKHAND_STATE: stateDir,
        REHEARSAL_DELAY_MS: "0",
        // Tests of other things do not wait for the posting clock.
        PACE: "off",
        COMPUTER: options.computer ?? "simulated",
        ...options.env,
      },
    });
    // It is in a group of its own: a program that ends before `close` must not leave it behind.
    const leave = () => child.pid && killGroup(child.pid);
    process.once("exit", leave);
    child.once("exit", () => process.off("exit", leave));
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
    const urls = await ready(child);
    const slack = await WorkspaceClient.connect(urls.page);
    // Whether Slack's three seconds are kept is the bench's to say: here other processes may have the machine.
    await slack.setup({ patience: 5 });
    return new Deckhand(child, printed, urls, stateDir, options.stateDir === undefined, slack);
  }

  /** All that was printed so far, the Worker's log included. */
  get output(): string {
    return this.#printed.join("");
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Who runs, by what the state folder says. */
  get running(): Running {
    const running = readRunning(join(this.stateDir, "running.json"));
    if (running === null) throw new Error("The state folder does not say who runs.");
    return running;
  }

  /** SIGKILL for the main process alone: what it has started is left behind. */
  async killMain(): Promise<void> {
    this.#leftBehind = () => killGroup(this.pid);
    process.once("exit", this.#leftBehind);
    await ended(this.#child, "SIGKILL", "alone");
    await this.slack.close();
  }

  /** SIGKILL for everything at once: no handler runs, nothing is flushed. The state folder stays. */
  async kill(): Promise<void> {
    await ended(this.#child, "SIGKILL");
    // The rest of its group, where the main process was killed alone before.
    this.#leftBehind?.();
    this.forgetLeftBehind();
    await this.slack.close();
  }

  /** A later start has ended what this one left. */
  forgetLeftBehind(): void {
    if (this.#leftBehind) process.off("exit", this.#leftBehind);
    this.#leftBehind = null;
  }

  /** SIGKILL for one workerd alone; `which` of them is counted round. */
  killWorkerd(which = 0): void {
    const all = this.workerds;
    const one = all[which % Math.max(1, all.length)];
    if (one) process.kill(one.pid, "SIGKILL");
  }

  get workerds(): Process[] {
    return processes().filter(({ group, command }) => group === this.pid && /workerd\s+serve/.test(command));
  }

  /** Ctrl-C, as a person ends it. The state folder stays. */
  async stop(): Promise<void> {
    await ended(this.#child, "SIGINT");
    await this.slack.close();
  }

  /** Ends everything. @throws when the platform was called with arguments that its schemas do not know */
  async close(): Promise<void> {
    await this.kill();
    if (this.#ownsState) rmSync(this.stateDir, { recursive: true, force: true });
    const [strange] = this.slack.strange;
    if (strange)
      throw new Error(`${strange.method} was called with what its schema has not: ${JSON.stringify(strange)}`);
  }

  /** The trace of a thread as its page shows it. */
  async trace(channel: string, ts: string): Promise<string> {
    const id = encodeURIComponent(`slack:T0LOCAL:${channel}:${ts}`);
    const response = await fetch(`${this.workerUrl}/threads/${id}/trace`);
    return response.text();
  }
}

function ready(child: ChildProcess): Promise<{ page: string; worker: string }> {
  return new Promise((done, fail) => {
    let output = "";
    const timer = setTimeout(
      () => fail(new Error(`Deckhand did not start in ${readyWithinMs / 1000} s:\n${output}`)),
      readyWithinMs,
    );
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const page = /Deckhand is at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      const worker = /Worker +(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (!page || !worker || !output.includes("Ctrl-C ends everything")) return;
      clearTimeout(timer);
      done({ page, worker });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (process.env["DECKHAND_VERBOSE"]) process.stderr.write(chunk);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(new Error(`Deckhand ended with ${code} before it was ready:\n${output}`));
    });
  });
}

function ended(child: ChildProcess, signal: "SIGKILL" | "SIGINT", which: "alone" | "group" = "group"): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once("exit", () => done());
    // The whole group: workerd is a child of the child.
    if (child.pid) process.kill(signal === "SIGKILL" && which === "group" ? -child.pid : child.pid, signal);
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
