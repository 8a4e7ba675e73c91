import { type FSWatcher, watch } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { errnoOf } from "./errors.ts";
import type { Matches } from "./glob.ts";
import { agentLimits } from "./limits.ts";

export interface TreeChange {
  kind: "create" | "modify" | "delete";
  path: string;
  isDirectory: boolean;
}

export interface WatchedTree {
  root: string;
  recursive: boolean;
  /** Names that are neither told nor looked into, by the path from the root. */
  excluded: Matches;
  onChange(changes: TreeChange[]): void;
  /** It can go on no longer: too many files, or the folder itself is gone. */
  onEnd(reason: string): void;
}

interface Seen {
  isDirectory: boolean;
  /** Changes when the thing does: inode, time, size. */
  mark: string;
}

interface Folder {
  watcher: FSWatcher | null;
  entries: Map<string, Seen>;
}

/** What the system said of a path: its name came or went, or something was written to it. */
type Hint = "named" | "written";

/**
 * Watches a folder by inotify, one watch a folder, and remembers what it saw. A system event only says where to look:
 * what is told is the difference to what was seen, so that a folder that is filled while it is being discovered loses
 * nothing, and a sweep from time to time finds what the system dropped.
 */
export class TreeWatch {
  readonly #tree: WatchedTree;
  readonly #folders = new Map<string, Folder>();
  readonly #hints = new Map<string, Set<Hint>>();
  #entries = 0;
  #settling: NodeJS.Timeout | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #firstHintAt = 0;
  #working: Promise<void> = Promise.resolve();
  #polls = false;
  #closed = false;

  constructor(tree: WatchedTree) {
    this.#tree = tree;
  }

  /** Resolves when every change from now on will be told. @throws the system's error when there is no such folder */
  async open(): Promise<void> {
    await readdir(this.#tree.root);
    this.#follow(this.#tree.root);
    await this.#scan(this.#tree.root, []);
    this.#sweepIn(agentLimits.watchSweepMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    clearTimeout(this.#sweeping);
    for (const { watcher } of this.#folders.values()) watcher?.close();
    this.#folders.clear();
    this.#hints.clear();
  }

  #sweepIn(afterMs: number): void {
    this.#sweeping = setTimeout(
      () =>
        this.#do(async () => {
          const began = performance.now();
          const changes: TreeChange[] = [];
          for (const folder of this.#folders.keys()) await this.#scan(folder, changes);
          this.#tell(changes);
          // A large tree takes its time, and shall not take all of it.
          const tookMs = performance.now() - began;
          if (!this.#closed) this.#sweepIn(Math.max(agentLimits.watchSweepMs, 20 * tookMs));
        }),
      this.#polls ? agentLimits.watchPollMs : afterMs,
    );
  }

  #follow(path: string): void {
    if (this.#closed || this.#folders.has(path)) return;
    const folder: Folder = { watcher: null, entries: new Map() };
    this.#folders.set(path, folder);
    try {
      folder.watcher = watch(path, (event, name) => {
        if (name !== null) this.#hint(join(path, name), event === "change" ? "written" : "named");
      });
      folder.watcher.on("error", () => folder.watcher?.close());
    } catch (thrown) {
      // No watches left on this machine, or too many files open: then it is looked at often.
      if (["ENOSPC", "EMFILE"].includes(errnoOf(thrown))) this.#polls = true;
    }
  }

  #hint(path: string, hint: Hint): void {
    if (this.#closed) return;
    if (this.#hints.size === 0) this.#firstHintAt = performance.now();
    const hints = this.#hints.get(path) ?? new Set();
    this.#hints.set(path, hints.add(hint));
    clearTimeout(this.#settling);
    const waitedMs = performance.now() - this.#firstHintAt;
    const settleMs = Math.max(0, Math.min(agentLimits.watchSettleMs, agentLimits.watchSettleMaxMs - waitedMs));
    this.#settling = setTimeout(() => this.#do(() => this.#look()), settleMs);
    if (this.#hints.size > agentLimits.maxWatched) this.#end("too many files changed at once");
  }

  /** One after the other: two looks at a time would tell a thing twice. */
  #do(work: () => Promise<void>): void {
    this.#working = this.#working
      .then(() => (this.#closed ? undefined : work()))
      .catch((thrown: unknown) => this.#end(thrown instanceof Error ? thrown.message : "watching failed"));
  }

  async #look(): Promise<void> {
    const hints = [...this.#hints];
    this.#hints.clear();
    const changes: TreeChange[] = [];
    for (const [path, said] of hints) await this.#check(path, said, changes);
    this.#tell(changes);
  }

  /** Compares one path with what was seen of it. */
  async #check(path: string, said: ReadonlySet<Hint>, changes: TreeChange[]): Promise<void> {
    if (this.#tree.excluded(relative(this.#tree.root, path))) return;
    const stats = await lstat(path, { bigint: true }).catch(() => null);
    const folder = this.#folders.get(dirname(path));
    if (folder === undefined) return;
    const name = basename(path);
    const before = folder.entries.get(name);
    if (stats === null) return before && this.#forget(path, before, changes);
    const isDirectory = stats.isDirectory();
    const now = { isDirectory, mark: `${stats.ino} ${stats.mtimeNs} ${stats.size}` };
    // A folder whose name was told of may be another one by now, even with the same inode.
    const replaced = before && (before.isDirectory !== isDirectory || (isDirectory && said.has("named")));
    if (replaced) this.#forget(path, before, changes);
    if (!before || replaced) {
      if ((this.#entries += 1) > agentLimits.maxWatched) throw new Error("too many files to watch");
      changes.push({ kind: "create", path, isDirectory });
    } else if (!isDirectory && (said.has("written") || before.mark !== now.mark)) {
      changes.push({ kind: "modify", path, isDirectory });
    }
    folder.entries.set(name, now);
    if (!isDirectory || !this.#tree.recursive || this.#folders.has(path)) return;
    // First watched, then read: what comes in between is seen twice and not never.
    this.#follow(path);
    await this.#scan(path, changes);
  }

  /** Compares what a folder holds with what was seen of it. */
  async #scan(path: string, changes: TreeChange[]): Promise<void> {
    const names = await readdir(path).catch((thrown: unknown) => {
      if (path === this.#tree.root) throw new Error("the folder is gone", { cause: thrown });
      return [];
    });
    const present = new Set(names);
    for (const [name, seen] of this.#folders.get(path)?.entries ?? [])
      if (!present.has(name)) this.#forget(join(path, name), seen, changes);
    for (const name of names) await this.#check(join(path, name), nothingSaid, changes);
  }

  /** A thing that is gone, with all that was below it. */
  #forget(path: string, seen: Seen, changes: TreeChange[]): void {
    const below = this.#folders.get(path);
    if (below) {
      below.watcher?.close();
      this.#folders.delete(path);
      for (const [name, one] of below.entries) this.#forget(join(path, name), one, changes);
    }
    this.#folders.get(dirname(path))?.entries.delete(basename(path));
    this.#entries -= 1;
    changes.push({ kind: "delete", path, isDirectory: seen.isDirectory });
  }

  #tell(changes: TreeChange[]): void {
    if (changes.length > 0 && !this.#closed) this.#tree.onChange(changes);
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#tree.onEnd(reason);
  }
}

const nothingSaid: ReadonlySet<Hint> = new Set();
