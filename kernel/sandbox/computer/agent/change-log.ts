import { randomUUID } from "node:crypto";
import { agentLimits } from "./limits.ts";
import type { TreeWatch } from "./watch-tree.ts";

interface Kept {
  watch: TreeWatch;
  changes: number;
  idle: NodeJS.Timeout;
}

/** Whether something changed since a caller last asked, for a bounded number of folders, forgotten when nobody asks. */
export class ChangeLog {
  /** Of this start of the box: a version of another one says nothing. */
  readonly #start = randomUUID();
  readonly #byFolder = new Map<string, Kept>();

  /** @param key folder and patterns, as text @param open starts the watch; it tells of every change */
  async ask(
    key: string,
    since: string | undefined,
    open: (changed: () => void, ended: () => void) => Promise<TreeWatch>,
  ) {
    const known = this.#byFolder.get(key);
    const kept = known ?? (await this.#begin(key, open));
    kept.idle.refresh();
    const version = `${this.#start}.${kept.changes}`;
    if (since === undefined) return { status: "unchanged" as const, version };
    const [start, count] = since.split(".");
    if (start !== this.#start) return { status: "resync" as const, reason: "restarted" as const, version };
    if (known === undefined) return { status: "resync" as const, reason: "expired" as const, version };
    return { status: Number(count) === kept.changes ? ("unchanged" as const) : ("changed" as const), version };
  }

  close(): void {
    for (const key of this.#byFolder.keys()) this.#forget(key);
  }

  async #begin(key: string, open: (changed: () => void, ended: () => void) => Promise<TreeWatch>): Promise<Kept> {
    const [oldest] = this.#byFolder.keys();
    if (oldest !== undefined && this.#byFolder.size >= agentLimits.maxChangeLogs) this.#forget(oldest);
    const watch = await open(
      () => {
        if (kept) kept.changes += 1;
      },
      () => this.#forget(key),
    );
    const kept: Kept = { watch, changes: 0, idle: setTimeout(() => this.#forget(key), agentLimits.changeLogIdleMs) };
    this.#byFolder.set(key, kept);
    return kept;
  }

  #forget(key: string): void {
    const kept = this.#byFolder.get(key);
    if (kept === undefined) return;
    this.#byFolder.delete(key);
    clearTimeout(kept.idle);
    kept.watch.close();
  }
}
