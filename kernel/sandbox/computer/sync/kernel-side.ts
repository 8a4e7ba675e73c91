import { KernelError } from "../../../errors.ts";
import type { FileChange } from "../../../files/changes.ts";
import type { FileInfo, FileRead, FileTree } from "../../../files/types.ts";
import type { ThreadId, TurnId } from "../../../ids.ts";
import { limits } from "../../../limits.ts";
import { type Place, ownRoots, placeOf, relOf } from "./names.ts";

/** From where a command is run: stands in the history of what comes of it. */
export interface Scope {
  thread: ThreadId;
  turn: TurnId | null;
}

/** The person's files and those of the threads that use the box, by their names in the box. */
export class KernelSide {
  readonly #files: (scope: Scope) => FileTree;
  readonly #threads = new Map<string, ThreadId>();
  readonly #labels = new Map<ThreadId, string>();
  readonly #trees = new Map<ThreadId, FileTree>();
  #own: FileTree | null = null;

  constructor(files: (scope: Scope) => FileTree) {
    this.#files = files;
  }

  /** A thread that runs a command; from now on its files are in the box. Says whether they were not before. */
  enter(scope: Scope, label: string): boolean {
    const known = this.#labels.has(scope.thread);
    this.#threads.set(label, scope.thread);
    this.#labels.set(scope.thread, label);
    this.#own = this.#files(scope);
    this.#trees.set(scope.thread, this.#own);
    return !known;
  }

  place(rel: string): Place | null {
    return placeOf(rel, this.#threads);
  }
  rel(change: FileChange): string | null {
    return relOf(change, this.#labels);
  }

  /** All of it, as far as a box looks. */
  async list(): Promise<Map<string, FileInfo>> {
    const found = new Map<string, FileInfo>();
    for (const root of ownRoots) await this.#page(this.#tree(null), root, null, found);
    for (const thread of this.#labels.keys()) await this.#page(this.#tree(thread), "thread", thread, found);
    return found;
  }
  async listThread(thread: ThreadId): Promise<Map<string, FileInfo>> {
    const found = new Map<string, FileInfo>();
    if (this.#labels.has(thread)) await this.#page(this.#tree(thread), "thread", thread, found);
    return found;
  }
  /** The names of a thread's files in the box start with this. */
  folder(thread: ThreadId): string {
    return `threads/${this.#labels.get(thread) ?? ""}/`;
  }

  stat(rel: string): Promise<FileInfo | null> {
    const { tree, path } = this.#at(rel);
    return tree.stat(path);
  }
  /** Null when it is gone. */
  async read(rel: string): Promise<FileRead | null> {
    const { tree, path } = this.#at(rel);
    return unlessGone(tree.read(path));
  }
  write(rel: string, bytes: Uint8Array, basedOn: string | null): Promise<FileInfo> {
    const { tree, path } = this.#at(rel);
    return tree.write(path, bytes, { basedOn });
  }
  async remove(rel: string, basedOn: string): Promise<void> {
    const { tree, path } = this.#at(rel);
    await unlessGone(tree.remove(path, { basedOn }));
  }

  async #page(tree: FileTree, folder: string, thread: ThreadId | null, found: Map<string, FileInfo>): Promise<void> {
    let cursor: string | null = "";
    while (cursor !== null && found.size < limits.computer.sync.maxListed) {
      const page: { files: FileInfo[]; cursor: string | null } = await tree.list(folder, cursor);
      for (const info of page.files) {
        const rel = relOf({ path: info.path, thread }, this.#labels);
        if (rel !== null) found.set(rel, info);
      }
      cursor = page.cursor;
    }
  }

  #tree(thread: ThreadId | null): FileTree {
    const tree = thread === null ? this.#own : this.#trees.get(thread);
    if (!tree) throw new KernelError("internal", "No command was run in this computer yet.");
    return tree;
  }
  #at(rel: string): { tree: FileTree; path: string } {
    const place = this.place(rel);
    if (!place) throw new KernelError("path.invalid", `/r2/${rel} is no file of yours.`);
    return { tree: this.#tree(place.thread), path: place.path };
  }
}

async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof KernelError && thrown.code === "file.not_found") return null;
    throw thrown;
  }
}
