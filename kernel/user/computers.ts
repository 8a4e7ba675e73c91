import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type { KernelEnv } from "../env.ts";
import { KernelError } from "../errors.ts";
import { onFileChange } from "../files/changes.ts";
import { fileTree } from "../files/tree.ts";
import type { FileTree } from "../files/types.ts";
import type { ThreadId, TurnId, UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { BoxPort } from "../sandbox/computer/box-port.ts";
import { computers, openRow, snapshotKey } from "../sandbox/computer/computers.ts";
import { chooseComputer, type ComputerChoice } from "../sandbox/computer/decide.ts";
import type { BoxLabel } from "../sandbox/computer/preview-label.ts";
import { Shells, simulatedBox } from "../sandbox/computer/simulated/index.ts";
import { sdkBox } from "../sandbox/computer/sdk-box.ts";
import { ComputerStore } from "../sandbox/computer/store.ts";
import { openSync, StoredBases, type Sync } from "../sandbox/computer/sync/index.ts";
import { viaBox } from "../sandbox/computer/sync/names.ts";
import { steppedBox, withThread } from "../sandbox/computer/sync/stepped-box.ts";
import type { Box, BoxName, Computers } from "../sandbox/computer/types.ts";
import type { ToolContext } from "../tools/types.ts";
import { Commands } from "./commands.ts";
import { WayOut } from "./way-out.ts";

export interface ComputerRoomDeps {
  env: KernelEnv;
  storage: DurableObjectStorage;
  db: DrizzleSqliteDODatabase;
  user: UserId;
  /** Hosts that the person has allowed their computers. */
  hosts(): readonly string[];
}

/** From where a call comes: what its commands write is written from there. */
export interface CallScope {
  thread: ThreadId;
  turn: TurnId | null;
}

/** What a Kernel keeps of its person's computers from call to call. One of it in a Kernel. */
export class ComputerRoom {
  readonly #deps: ComputerRoomDeps;
  readonly #store: ComputerStore;
  /** One for each box, for as long as this object lives. */
  readonly #syncs = new Map<BoxName, Sync>();
  #shells: Shells | null = null;
  readonly commands = new Commands();
  readonly #wayOut: WayOut;

  constructor(deps: ComputerRoomDeps) {
    this.#deps = deps;
    this.#store = new ComputerStore(deps.db);
    this.#wayOut = new WayOut(() => deps.hosts());
  }

  get choice(): ComputerChoice {
    return chooseComputer(this.#deps.env);
  }

  /** Tells all boxes that are there which hosts they may reach now. */
  async hostsChanged(): Promise<void> {
    const { user } = this.#deps;
    const { kind } = this.choice;
    if (kind === "simulated") return;
    const key = (id: string) => snapshotKey(user, id);
    const boxOf = (label: BoxLabel) =>
      sdkBox({ object: () => this.#object(label), owner: user, kind, snapshotKey: key });
    await this.#wayOut.tellAll(this.#store.all().map((row) => [row.name, boxOf(row.box)] as const));
  }

  /** The object in which a terminal of that box is opened. */
  async terminal(name: BoxName): Promise<BoxLabel> {
    if (this.choice.kind === "simulated")
      throw new KernelError("computer.unsupported", "A simulated shell has no terminal: no program runs in it.");
    return (await openRow({ store: this.#store, user: this.#deps.user, now: Date.now }, name)).box;
  }

  /** The computers as one call sees them; what is written under `/r2` is written from its thread, by way of the box. */
  forCall(scope: CallScope, nested: ToolContext["nested"]): Computers {
    const { env, user, storage } = this.#deps;
    const { choice } = this;
    return computers({
      user,
      choice,
      store: this.#store,
      bucket: env.FILES,
      publicUrl: env.PUBLIC_URL,
      now: Date.now,
      object: (label) => this.#object(label),
      simulated: (name) => {
        this.#shells ??= new Shells(env.LOADER);
        const cpu = env.LOCAL === "1" ? { cpuMs: limits.isolate.localCpuMs } : {};
        const kept = { storage, bucket: env.FILES, snapshotKey: (id: string) => snapshotKey(user, id) };
        const files = this.#files({ ...scope, author: viaBox(user, name) });
        return simulatedBox({ name, shells: this.#shells, files, ...kept, now: Date.now, ...cpu });
      },
      // A simulated shell works on the files themselves.
      used: (name, box) =>
        box.kind === "simulated"
          ? withThread(box, "/r2/thread")
          : this.commands.within(steppedBox(this.#wayOut.within(name, box), this.#sync(name, box), scope), nested),
      forgotten: async (name) => {
        this.#wayOut.forget(name);
        await this.#syncs.get(name)?.forget();
        new StoredBases(storage, name).forget();
      },
    });
  }

  #sync(name: BoxName, box: Box): Sync {
    const known = this.#syncs.get(name);
    if (known) return known;
    const { user, storage } = this.#deps;
    const sync = openSync({
      user,
      name,
      box,
      bases: new StoredBases(storage, name),
      files: (scope) => this.#files(scope),
      onFileChange: (listener) => onFileChange(storage, listener),
      now: Date.now,
    });
    this.#syncs.set(name, sync);
    return sync;
  }

  #files(scope: CallScope & { author: string }): FileTree {
    const { env, storage, user } = this.#deps;
    return fileTree({ bucket: env.FILES, storage, user, now: Date.now, ...scope });
  }

  #object(label: BoxLabel): BoxPort {
    const { SANDBOX } = this.#deps.env;
    if (!SANDBOX)
      throw new KernelError("computer.unavailable", "This Worker has no computers: nothing runs them here.");
    return SANDBOX.getByName(label) as unknown as BoxPort;
  }
}
