import { limits } from "../../../limits.ts";
import type { EgressIo } from "./egress/proxy.ts";
import type { WorkerHook } from "./egress/internal.ts";
import { measure } from "./disk.ts";
import type { Folders } from "./folders.ts";
import { Jail, type JailSetup } from "./jail.ts";
import type { BoxState, Ended } from "./wire.ts";

export class TooManyRunning extends Error {}

const noFigures = {
  memoryBytes: null,
  tasks: null,
  diskBytes: null,
  memoryKills: 0,
  taskRefusals: 0,
  hostRefusals: 0,
  refusedHosts: [],
};

/** All boxes of a host, running and asleep. What is asked of one box is done one after the other. */
export class Boxes {
  worker: WorkerHook | null = null;
  readonly #folders: Folders;
  readonly #setup: JailSetup;
  readonly #io: EgressIo | undefined;
  readonly #running = new Map<string, Jail>();
  readonly #ended = new Map<string, Ended>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(folders: Folders, setup: JailSetup, io?: EgressIo) {
    this.#folders = folders;
    this.#setup = setup;
    this.#io = io;
  }

  get ids(): string[] {
    return this.#folders.ids();
  }

  jail(id: string): Jail | null {
    return this.#running.get(id) ?? null;
  }

  /** Starts a box, or wakes it; one that runs is left as it is. @throws FoldersFull, TooManyRunning */
  start(id: string, env: Record<string, string>): Promise<void> {
    return this.#inTurn(id, async () => {
      if (this.#running.has(id)) return;
      const folder = this.#folders.open(id);
      if (this.#running.size >= limits.jail.maxRunning)
        throw new TooManyRunning(
          `${limits.jail.maxRunning} computers run on this machine already. Let one of them fall asleep.`,
        );
      this.#folders.freshRun(folder);
      const io = this.#io ? { io: this.#io } : {};
      const egress = { box: id, allowed: () => this.#folders.allowed(id), worker: () => this.worker, ...io };
      const jail = await Jail.start(this.#setup, folder, { env, egress });
      this.#running.set(id, jail);
      this.#ended.delete(id);
      void jail.ended.then((ended) => {
        if (this.#running.get(id) !== jail) return;
        this.#running.delete(id);
        this.#ended.set(id, ended);
      });
    });
  }

  /** Ends what runs; the disk is kept. */
  sleep(id: string): Promise<void> {
    return this.#inTurn(id, async () => {
      await this.jail(id)?.end();
    });
  }

  /** Ends what runs and removes the disk. */
  destroy(id: string): Promise<void> {
    return this.#inTurn(id, async () => {
      await this.jail(id)?.end();
      await this.#folders.remove(id);
      this.#ended.delete(id);
    });
  }

  allow(id: string, hosts: string[]): void {
    this.#folders.allow(id, hosts);
  }

  async state(id: string): Promise<BoxState> {
    const jail = this.jail(id);
    const ended = this.#ended.get(id) ?? null;
    const allowed = this.#folders.allowed(id);
    if (jail) return { state: "running", startedAt: jail.startedAt, ended: null, allowed, figures: jail.figures };
    if (!this.#folders.has(id)) return { state: "none", startedAt: null, ended, allowed, figures: noFigures };
    const disk = await measure(this.#folders.open(id).path, this.#setup.isRoot);
    const figures = { ...noFigures, diskBytes: disk?.bytes ?? null };
    return { state: "asleep", startedAt: null, ended, allowed, figures };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((jail) => jail.end()));
    await this.#setup.groups.close();
  }

  #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(id) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#queues.set(id, settled);
    void settled.then(() => {
      if (this.#queues.get(id) === settled) this.#queues.delete(id);
    });
    return mine;
  }
}
