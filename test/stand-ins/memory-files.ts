import { createHash, randomUUID } from "node:crypto";
import type { FileChange } from "../../kernel/files/changes.ts";
import { parseFile, parseFolder } from "../../kernel/files/paths.ts";
import { checkBase, notFound } from "../../kernel/files/space.ts";
import type { FileInfo, FileTree } from "../../kernel/files/types.ts";
import type { ThreadId } from "../../kernel/ids.ts";
import type { Base, Bases, Mark } from "../../kernel/sandbox/computer/sync/bases.ts";
import type { Scope } from "../../kernel/sandbox/computer/sync/kernel-side.ts";

interface Kept {
  info: FileInfo;
  bytes: Uint8Array;
}
export interface Version {
  key: string;
  text: string;
  author: string;
  thread: ThreadId;
}

/** A person's files and those of threads, by the rules of the real tree, in memory: for tests in Node. */
export class MemoryFiles {
  readonly #files = new Map<string, Kept>();
  readonly #listeners = new Set<(change: FileChange) => void>();
  /** Every content that ever stood here. */
  readonly versions: Version[] = [];
  /** Called before each call: a test lets something happen in between. */
  meanwhile: (call: string) => Promise<void> = async () => undefined;
  /** As another object writes: nobody here hears of it. */
  silent = false;
  now: () => number = () => Date.now();

  onChange = (listener: (change: FileChange) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What stands at a path now, as text. */
  text(path: string, thread?: ThreadId): string | null {
    const kept = this.#files.get(this.#key(path, thread ?? null));
    return kept ? new TextDecoder().decode(kept.bytes) : null;
  }
  paths(): string[] {
    return [...this.#files.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  }

  tree({ thread, author }: Scope & { author: string }): FileTree {
    const keyOf = (path: string): string => this.#key(parseFile(path).path, thread);
    const found = (path: string): Kept => {
      const kept = this.#files.get(keyOf(path));
      if (!kept) throw notFound(path);
      return kept;
    };
    const tell = (path: string, etag: string | null): void => {
      if (this.silent) return;
      const change = { path, thread: path.startsWith("thread/") ? thread : null, etag };
      for (const listener of this.#listeners) listener(change);
    };
    const tree: FileTree = {
      read: async (path) => {
        await this.meanwhile("read");
        return found(path);
      },
      stat: async (path) => {
        await this.meanwhile("stat");
        return this.#files.get(keyOf(path))?.info ?? null;
      },
      write: async (path, content, options = {}) => {
        await this.meanwhile("write");
        const key = keyOf(path);
        const before = this.#files.get(key) ?? null;
        checkBase(path, before?.info ?? null, options.basedOn);
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content.slice();
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        if (before?.info.sha256 === sha256) return before.info;
        const version = (before?.info.version ?? 0) + 1;
        const etag = randomUUID();
        const updatedAt = this.now();
        const info = { path, sizeBytes: bytes.length, mediaType: "text/plain", sha256, version, etag, updatedAt };
        this.#files.set(key, { info, bytes });
        this.versions.push({ key, text: new TextDecoder().decode(bytes), author, thread });
        tell(path, etag);
        return info;
      },
      list: async (folder) => {
        await this.meanwhile("list");
        const within = parseFolder(folder)?.path ?? "";
        const at = this.#key(within, thread);
        const files = [...this.#files].filter(([key]) => key === at || key.startsWith(`${at}/`));
        return { files: files.map(([, { info }]) => info), cursor: null };
      },
      find: async () => [],
      remove: async (path, options = {}) => {
        await this.meanwhile("remove");
        const { info } = found(path);
        checkBase(path, info, options.basedOn);
        this.#files.delete(keyOf(path));
        tell(path, null);
        return info;
      },
      move: async (from, to) => {
        const { bytes, info } = await tree.read(from);
        const moved = await tree.write(to, bytes, { basedOn: null });
        await tree.remove(from, { basedOn: info.etag });
        return moved;
      },
    };
    return tree;
  }

  #key(path: string, thread: ThreadId | null): string {
    return path === "thread" || path.startsWith("thread/") ? `${thread}|${path}` : path;
  }
}

/** As the stored ones, for tests in Node. */
export class MemoryBases implements Bases {
  #mark: Mark | null = null;
  readonly #rows = new Map<string, Base>();

  mark(): Mark | null {
    return this.#mark;
  }
  begin(mark: Mark): void {
    this.forget();
    this.#mark = mark;
  }
  forget(): void {
    this.#mark = null;
    this.#rows.clear();
  }
  all(): Map<string, Base> {
    return new Map(this.#rows);
  }
  put(rel: string, base: Base): void {
    this.#rows.set(rel, base);
  }
  drop(rel: string): void {
    this.#rows.delete(rel);
  }
}
