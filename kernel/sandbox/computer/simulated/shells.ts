import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import { Queue, type Release } from "../../isolate/queue.ts";
import type { BoxName } from "../types.ts";
import { entryModule, shellModules } from "./modules.ts";
import type { ShellOrder } from "./order.ts";
import type { ShellFiles } from "./shell-files.ts";

/** What the guest of a simulated shell exports. */
export interface ShellGuest extends Rpc.WorkerEntrypointBranded {
  run(order: ShellOrder, files: ShellFiles, stopped: () => Promise<void>): Promise<unknown>;
}
interface Shell {
  line: Queue;
  guest: ShellGuest | null;
}

/** Of the guests, not of the Worker; see kernel/sandbox/isolate/isolates.ts. */
const compatibilityDate = "2026-08-01";

/**
 * The isolates of one person's simulated boxes, one for a box: loading a shell takes 40 ms, running a command in one
 * that is there 2. An isolate has no network and no bindings, and sees nothing but what each command hands it, so all
 * it could remember is its own box. One whose command had to be broken off is not used again. A Kernel keeps one of these.
 */
export class Shells {
  readonly #loader: WorkerLoader;
  readonly #shells = new Map<BoxName, Shell>();

  constructor(loader: WorkerLoader) {
    this.#loader = loader;
  }

  /** A box runs one command at a time: two would each save a tree without the other's. */
  async enter(name: BoxName, signal?: AbortSignal): Promise<Release> {
    try {
      return await this.#shell(name).line.enter(signal);
    } catch (thrown) {
      if (!(thrown instanceof KernelError) || thrown.code !== "limit.queue") throw thrown;
      const { maxQueued } = limits.computer.simulated;
      throw new KernelError(
        "limit.queue",
        `${maxQueued} commands wait for this computer (limits.computer.simulated.maxQueued). Try again later.`,
        { retryable: true },
      );
    }
  }

  async guest(name: BoxName): Promise<ShellGuest> {
    const shell = this.#shell(name);
    shell.guest ??= this.#load(await shellModules());
    return shell.guest;
  }

  /** The next command gets a new isolate. */
  drop(name: BoxName): void {
    const shell = this.#shells.get(name);
    if (!shell?.guest) return;
    dispose(shell.guest);
    shell.guest = null;
  }

  #shell(name: BoxName): Shell {
    const known = this.#shells.get(name);
    if (known) return known;
    // More names than boxes can only be those of boxes that were destroyed.
    for (const [other, { line }] of this.#shells) {
      if (this.#shells.size < limits.computer.maxBoxes) break;
      if (line.inFlight + line.queued > 0) continue;
      this.drop(other);
      this.#shells.delete(other);
    }
    const shell: Shell = { line: new Queue(1, limits.computer.simulated.maxQueued), guest: null };
    this.#shells.set(name, shell);
    return shell;
  }

  #load(modules: Record<string, string>): ShellGuest {
    const { cpuMs, maxCalls } = limits.computer.simulated;
    const worker = this.#loader.load({
      compatibilityDate,
      // For gzip, which wants a Buffer.
      compatibilityFlags: ["nodejs_compat"],
      mainModule: entryModule,
      modules,
      env: {},
      globalOutbound: null,
      // The shell's own clock goes first.
      limits: { cpuMs: cpuMs + 1_000, subRequests: maxCalls + 10 },
    });
    return worker.getEntrypoint<ShellGuest>();
  }
}

/** RPC promises and stubs carry a disposer that their types do not always show. */
export function dispose(stub: object): void {
  const disposer = (stub as Partial<Disposable>)[Symbol.dispose];
  if (typeof disposer === "function") disposer.call(stub as Disposable);
}
