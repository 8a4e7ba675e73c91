import { KernelError } from "../../../errors.ts";
import type { ThreadId } from "../../../ids.ts";
import { limits } from "../../../limits.ts";
import { log } from "../../../log.ts";
import { notHere } from "./budget.ts";
import { Follow } from "./follow.ts";
import { boxHands, whatever } from "./hands.ts";
import { KernelSide } from "./kernel-side.ts";
import { threadLabel, viaBox } from "./names.ts";
import { type PassEnd, type PassOptions, pass } from "./pass.ts";
import { OtherDisk } from "./pull.ts";
import { State } from "./state.ts";
import type { Sync, SyncDeps, SyncExec } from "./types.ts";

export { StoredBases } from "./bases.ts";
export type { Sync, SyncDeps, SyncExec } from "./types.ts";

const { beforeMs, afterMs, callMs } = limits.computer.sync;
const maxRounds = 20;

/** The person's files in one box. One for each box and Kernel object: two would take each other's writes for the box's. */
export function openSync(deps: SyncDeps): Sync {
  return new FilesInBox(deps);
}

class FilesInBox implements Sync {
  readonly #root: string;
  readonly #state: State;
  readonly #follow: Follow;
  readonly #now: () => number;
  /** Commands that run now, by thread. */
  readonly #running = new Map<ThreadId, number>();
  #linked: string | null = null;
  /** The box was looked at as a whole since this object woke up. */
  #looked = false;
  #said: string | null = null;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(deps: SyncDeps) {
    const author = viaBox(deps.user, deps.name);
    this.#root = deps.root ?? "/r2";
    this.#now = () => deps.now();
    this.#state = new State({
      name: deps.name,
      hands: boxHands(deps.box, this.#root),
      kernel: new KernelSide((scope) => deps.files({ ...scope, author })),
      bases: deps.bases,
      now: this.#now,
    });
    this.#follow = new Follow({
      state: this.#state,
      deps,
      root: this.#root,
      run: ({ look }) => this.#alone(() => this.#once({ look, prompt: false, deadline: this.#now() + callMs })),
      running: () => this.#running.keys(),
      lookAtThread: (thread) => this.#lookAtThread(thread),
    });
  }

  async before(exec: SyncExec) {
    const label = await threadLabel(exec.thread);
    this.#running.set(exec.thread, (this.#running.get(exec.thread) ?? 0) + 1);
    await this.#noting(async () => {
      const state = this.#state;
      const fresh = state.kernel.enter({ thread: exec.thread, turn: exec.turn }, label);
      if (!this.#follow.sees || this.#linked !== label) await this.#arrive(label);
      if (fresh && !state.kernelUnseen) await this.#forceThread(exec.thread);
      else if (!state.kernelUnseen) await this.#lookAtThread(exec.thread);
      for (const rel of exec.command ? state.left.keys() : [])
        if (exec.command?.includes(`${this.#root}/${rel}`)) state.kernelChanged.set(rel, undefined);
      const deadline = this.#now() + beforeMs;
      await this.#rounds({
        look: !this.#looked,
        prompt: true,
        deadline,
        ...(exec.command ? { command: exec.command } : {}),
      });
      await this.#follow.start();
    }, "before this command");
    return { env: { DECKHAND_THREAD_FILES: `${this.#root}/threads/${label}` }, notes: this.#state.notes.take() };
  }

  async after(exec: SyncExec) {
    const running = (this.#running.get(exec.thread) ?? 1) - 1;
    if (running > 0) this.#running.set(exec.thread, running);
    else this.#running.delete(exec.thread);
    await this.#noting(
      () => this.#rounds({ look: true, prompt: true, deadline: this.#now() + afterMs }),
      "after this command",
    );
    return { notes: this.#state.notes.take() };
  }

  async stop() {
    await this.#follow.stop();
    await this.#tail;
  }

  async forget() {
    await this.stop();
    await this.#alone(async () => {
      this.#state.startOver(null);
      this.#linked = null;
      this.#looked = false;
      this.#said = null;
    });
  }

  /** Makes the folders, and finds out whether this is the disk that is known. */
  async #arrive(label: string): Promise<void> {
    const state = this.#state;
    const mark = state.mark?.mark ?? crypto.randomUUID();
    const found = await state.hands.arrive(mark, label);
    this.#linked = label;
    if (found === "known" && state.mark) return;
    const next = { mark: crypto.randomUUID(), since: this.#now() };
    // First forgotten, then marked: a crash in between finds an unknown disk again, never a known one without its files.
    state.startOver(next);
    await state.hands.setMark(next.mark);
    this.#looked = false;
    this.#said = "";
  }

  /** Passes until nothing is left, or time is over; then the rest follows. */
  async #rounds(options: PassOptions): Promise<void> {
    let { look } = options;
    for (let round = 0; round < maxRounds; round++) {
      const end = await this.#once({ ...options, look });
      if (!end.more) return;
      look = end.look;
      if (this.#now() >= options.deadline) break;
    }
    this.#state.notes.add("Not all files of /r2 are in step yet; the rest follows by itself", true);
    this.#follow.wake(look, 0);
  }

  async #once(options: PassOptions): Promise<PassEnd> {
    const state = this.#state;
    try {
      const end = await pass(state, options);
      if (options.look) this.#looked = true;
      await this.#tellWhatIsLeft();
      return end;
    } catch (thrown) {
      state.brokeOff();
      this.#looked = false;
      if (!(thrown instanceof OtherDisk) || this.#linked === null) throw thrown;
      await this.#arrive(this.#linked);
      return { more: true, look: true, waitMs: 0 };
    }
  }

  async #tellWhatIsLeft(): Promise<void> {
    const { hands, left } = this.#state;
    const text = left.size > 0 ? notHere([...left].map(([rel, info]) => ({ ...info, rel }))) : "";
    if (text === this.#said) return;
    const rel = "NOT-HERE.txt";
    if (text === "") await hands.act([{ op: "remove", rel, expected: whatever }]);
    else
      await hands.act([
        { op: "put", rel, token: await hands.stage(new TextEncoder().encode(text)), expected: whatever },
      ]);
    if (text !== "")
      this.#state.notes.add(
        `${left.size} files are not in /r2, which is given the newest; ${this.#root}/${rel} names them`,
      );
    this.#said = text;
  }

  /** All files of a thread are new to this box. */
  async #forceThread(thread: ThreadId): Promise<void> {
    const { kernel, known, kernelChanged } = this.#state;
    const folder = kernel.folder(thread);
    for (const rel of known.keys()) if (rel.startsWith(folder)) kernelChanged.set(rel, undefined);
    for (const rel of (await kernel.listThread(thread)).keys()) kernelChanged.set(rel, undefined);
    // What the box did with them while the thread was not looked at.
    this.#looked = false;
  }

  async #lookAtThread(thread: ThreadId): Promise<boolean> {
    const { kernel, known, kernelChanged } = this.#state;
    const folder = kernel.folder(thread);
    const now = await kernel.listThread(thread);
    let news = false;
    const tell = (rel: string): void => {
      kernelChanged.set(rel, undefined);
      news = true;
    };
    for (const [rel, { etag }] of now) if (known.get(rel)?.etag !== etag && !this.#state.left.has(rel)) tell(rel);
    for (const rel of known.keys()) if (rel.startsWith(folder) && !now.has(rel)) tell(rel);
    return news;
  }

  /** Runs `work` alone; an error becomes a note, for a command must not fail because its files do. */
  async #noting(work: () => Promise<void>, when: string): Promise<void> {
    try {
      await this.#alone(work);
    } catch (thrown) {
      log.warn("files of a box could not be brought in step", { when, cause: thrown });
      const why = thrown instanceof KernelError ? thrown.userMessage : "Something failed inside Deckhand.";
      this.#state.notes.add(`The files at /r2 may be behind ${when}: ${why}`, true);
    }
  }

  /** One at a time. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#tail.then(work);
    this.#tail = mine.catch(() => undefined);
    return mine;
  }
}
