import { limits } from "../../../limits.ts";
import { log } from "../../../log.ts";
import type { ThreadId } from "../../../ids.ts";
import type { PassEnd } from "./pass.ts";
import type { State } from "./state.ts";
import { Timer } from "./timer.ts";
import type { SyncDeps } from "./types.ts";

const { debounceMs, threadPollMs, blindPollMs } = limits.computer.sync;
/** From a write of the Kernel to the push: several writes of one tool go together. */
const gatherMs = 20;
const maxFailures = 5;
const maxAgainMs = 10_000;
const maxTold = 5_000;
const idleMs = limits.computer.sleepAfterSeconds * 1000;

interface Parts {
  state: State;
  deps: Pick<SyncDeps, "box" | "onFileChange" | "name">;
  root: string;
  /** One pass, when no other one runs. */
  run(options: { look: boolean }): Promise<PassEnd>;
  /** Threads whose command runs now. */
  running(): Iterable<ThreadId>;
  /** Takes up what others have written in a thread; says whether there was any. */
  lookAtThread(thread: ThreadId): Promise<boolean>;
}

/** Keeps a box in step between commands, and while one runs. */
export class Follow {
  readonly #parts: Parts;
  readonly #pass: Timer;
  readonly #threads: Timer;
  readonly #idle: Timer;
  #look = false;
  #failures = 0;
  /** Passes in a row that left something over: what will not go is tried more and more seldom. */
  #again = 0;
  #passMs = 0;
  #watching: AbortController | null = null;
  #sees = false;
  #unhear: (() => void) | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#pass = new Timer(() => this.#do(() => this.#run()));
    this.#threads = new Timer(() => this.#do(() => this.#lookAtThreads()));
    this.#idle = new Timer(() => this.#do(() => this.#rest()));
  }

  /** The box tells of its changes: it runs, and on the same disk as before. */
  get sees(): boolean {
    return this.#sees;
  }

  /** Starts it, or keeps it going. */
  async start(): Promise<void> {
    this.#idle.stop();
    this.#idle.within(idleMs);
    this.#threads.within(threadPollMs);
    this.#failures = 0;
    if (this.#watching) return;
    const watching = (this.#watching = new AbortController());
    this.#unhear = this.#parts.deps.onFileChange((change) => {
      const rel = this.#parts.state.kernel.rel(change);
      if (rel === null) return;
      this.#parts.state.kernelChanged.set(rel, change.etag);
      this.#again = 0;
      this.wake(false, gatherMs);
    });
    try {
      const { ended } = await this.#parts.deps.box.watch(
        this.#parts.root,
        (changes) => this.#told(changes.map(({ path }) => path)),
        watching.signal,
      );
      this.#sees = !watching.signal.aborted;
      void ended.catch(() => undefined).then(() => this.#blind(watching));
    } catch (thrown) {
      log.info("a box cannot be watched", { box: this.#parts.deps.name, cause: thrown });
      this.#blind(watching);
    }
  }

  async stop(): Promise<void> {
    for (const timer of [this.#pass, this.#threads, this.#idle]) timer.stop();
    this.#watching?.abort();
    this.#watching = null;
    this.#sees = false;
    this.#unhear?.();
    this.#unhear = null;
    await this.#work;
  }

  /** Asks for a pass soon. */
  wake(look: boolean, delayMs: number): void {
    if (!this.#watching) return;
    this.#look ||= look;
    // A pass that takes long is not begun again right away.
    this.#pass.within(Math.max(delayMs, this.#passMs));
  }

  #told(paths: string[]): void {
    const { state, root } = this.#parts;
    const rels = paths.map((path) => path.slice(root.length + 1)).filter((rel) => state.kernel.place(rel) !== null);
    for (const rel of rels) if (state.boxChanged.size < maxTold) state.boxChanged.add(rel);
    this.#again = 0;
    if (rels.length > 0) this.wake(true, debounceMs);
  }

  /** The watch has ended, or never was: from now on the box is looked at from time to time, while it is in use. */
  #blind(watching: AbortController): void {
    if (this.#watching !== watching) return;
    this.#sees = false;
    this.#threads.within(blindPollMs);
  }

  async #run(): Promise<void> {
    const look = this.#look;
    this.#look = false;
    const began = Date.now();
    try {
      const { more, look: again, waitMs } = await this.#parts.run({ look });
      this.#failures = 0;
      this.#passMs = Math.min(1_000, Date.now() - began);
      this.#again = more ? this.#again + 1 : 0;
      if (more) this.wake(again, Math.min(maxAgainMs, debounceMs * 2 ** this.#again));
      if (waitMs > 0) this.wake(true, waitMs);
    } catch (thrown) {
      this.#failures += 1;
      log.warn("files of a box could not be brought in step", { box: this.#parts.deps.name, cause: thrown });
      if (this.#failures < maxFailures) this.wake(true, 500 * 2 ** this.#failures);
    }
  }

  async #lookAtThreads(): Promise<void> {
    let busy = false;
    for (const thread of this.#parts.running()) {
      busy = true;
      const news = await this.#parts.lookAtThread(thread).catch(() => false);
      if (news) this.wake(false, 0);
    }
    if (!busy || !this.#watching) return;
    if (!this.#sees) this.wake(true, 0);
    this.#threads.within(this.#sees ? threadPollMs : blindPollMs);
  }

  async #rest(): Promise<void> {
    const [busy] = this.#parts.running();
    if (busy === undefined) await this.#quiet();
    else this.#idle.within(idleMs);
  }
  async #quiet(): Promise<void> {
    // Not awaited from inside its own work.
    void this.stop();
  }

  /** One after the other; each ends by itself. */
  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((thrown: unknown) => {
      log.error("following a box failed", { box: this.#parts.deps.name, cause: thrown });
    });
  }
}
