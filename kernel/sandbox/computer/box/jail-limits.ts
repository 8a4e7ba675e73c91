import { KernelError } from "../../../errors.ts";
import { limits } from "../../../limits.ts";
import type { ContainerStandIn } from "../stand-in.ts";

const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toLocaleString("en")} MB`;
const { memoryBytes, maxTasks } = limits.computer;
const endsWithinMs = 2_000;
const none = { memoryKills: 0, taskRefusals: 0, hostRefusals: 0, refusedHosts: [] as string[] };

/** Which limits of its jail a command ran into: the host counts them, the command itself only fails. */
export class JailLimits {
  readonly #jail: ContainerStandIn;
  #before = none;

  constructor(jail: ContainerStandIn) {
    this.#jail = jail;
  }

  async begin(): Promise<void> {
    this.#before = await this.#figures();
  }

  /** In words, after a command has failed. */
  async hit(): Promise<string[]> {
    const now = await this.#figures();
    const refused = now.hostRefusals - this.#before.hostRefusals;
    return [
      ...(now.memoryKills > this.#before.memoryKills ? [`memory ran out: the computer has ${mb(memoryBytes)}`] : []),
      ...(now.taskRefusals > this.#before.taskRefusals
        ? [`too many processes: the computer may have ${maxTasks.toLocaleString("en")}`]
        : []),
      // Many programs only say “403”.
      ...(refused > 0 ? new Set(now.refusedHosts.slice(-refused)) : []),
    ];
  }

  /** Why the box is gone, when a limit ended it. */
  async ending(): Promise<KernelError | null> {
    // Its connection breaks a moment before the host has seen it end.
    const late = AbortSignal.timeout(endsWithinMs);
    await Promise.race([
      this.#jail.monitor().catch(() => undefined),
      new Promise<void>((done) => late.addEventListener("abort", () => done(), { once: true })),
    ]);
    const ended = await this.#jail.state().then(
      (state) => state.ended,
      () => null,
    );
    if (!ended?.limit) return null;
    return new KernelError(ended.limit === "disk" ? "limit.disk" : "limit.memory", ended.message);
  }

  async #figures(): Promise<typeof none> {
    // Only words: a command is not refused for want of them.
    return this.#jail.state().then(
      ({ figures }) => figures,
      () => none,
    );
  }
}
