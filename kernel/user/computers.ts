import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import type { KernelEnv } from "../env.ts";
import { KernelError } from "../errors.ts";
import type { FileTree } from "../files/types.ts";
import type { UserId } from "../ids.ts";
import { limits } from "../limits.ts";
import type { BoxPort } from "../sandbox/computer/box-port.ts";
import { computers, snapshotKey } from "../sandbox/computer/computers.ts";
import { chooseComputer, type ComputerChoice } from "../sandbox/computer/decide.ts";
import type { BoxLabel } from "../sandbox/computer/preview-label.ts";
import { Shells, simulatedBox } from "../sandbox/computer/simulated/index.ts";
import { ComputerStore } from "../sandbox/computer/store.ts";
import type { Computers } from "../sandbox/computer/types.ts";

export interface ComputerRoomDeps {
  env: KernelEnv;
  storage: DurableObjectStorage;
  db: DrizzleSqliteDODatabase;
  user: UserId;
}

/** What a Kernel keeps of its person's computers from call to call. One of it in a Kernel. */
export class ComputerRoom {
  readonly #deps: ComputerRoomDeps;
  readonly #store: ComputerStore;
  #shells: Shells | null = null;

  constructor(deps: ComputerRoomDeps) {
    this.#deps = deps;
    this.#store = new ComputerStore(deps.db);
  }

  get choice(): ComputerChoice {
    return chooseComputer(this.#deps.env);
  }

  /** The computers as one call sees them; what it writes under `/r2` is written by way of `files`. */
  forCall(files: FileTree): Computers {
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
        return simulatedBox({ name, shells: this.#shells, files, ...kept, now: Date.now, ...cpu });
      },
      used: async () => {},
      forgotten: async () => {},
    });
  }

  #object(label: BoxLabel): BoxPort {
    const { SANDBOX } = this.#deps.env;
    if (!SANDBOX)
      throw new KernelError("computer.unavailable", "This Worker has no computers: nothing runs them here.");
    return SANDBOX.getByName(label) as unknown as BoxPort;
  }
}
