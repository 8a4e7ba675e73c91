import { InMemoryFs, type DirectoryEntry, type FileContent, type FsStat, type RmOptions } from "just-bash/browser";
import type { FilesCallFn, ShellCaps } from "../order.ts";

interface Known {
  etag: string;
  sizeBytes: number;
  changedAt: number;
  lazy: () => Promise<Uint8Array>;
  /** What was there, once it has been read. */
  bytes?: Uint8Array;
}
interface Listed {
  files: { path: string; sizeBytes: number; etag: string; updatedAt: number }[];
  cursor: string | null;
}
type Answer<T> = { ok: true; value: T } | { ok: false; error: { code: string; userMessage: string } };

const roots = ["home", "sites", "thread", "uploads"];

/**
 * What the shell has at /r2: the person's files, listed when a root is first looked into and read when they are. It
 * works on a copy; `save` then writes what is different, each file once, on the version that was seen.
 */
export class PersonFiles extends InMemoryFs {
  readonly #call: FilesCallFn;
  readonly #caps: ShellCaps;
  readonly #known = new Map<string, Known>();
  readonly #listing = new Map<string, Promise<void>>();

  constructor(call: FilesCallFn, caps: ShellCaps) {
    super({}, { maxTotalBytes: caps.filesBytes });
    this.#call = call;
    this.#caps = caps;
    for (const root of roots) this.mkdirSync(`/${root}`, { recursive: true });
  }

  async #ask<T>(op: string, ...args: unknown[]): Promise<T> {
    const answer = (await this.#call(op, ...args)) as Answer<T>;
    if (answer.ok) return answer.value;
    throw new Error(answer.error.userMessage);
  }

  /** The root of a path is listed; a path under no root is refused when something is to be made there. */
  async #ready(path: string, making = false): Promise<void> {
    const root = path.split("/")[1] ?? "";
    if (!roots.includes(root)) {
      if (making)
        throw new Error(`EACCES: permission denied: /r2 holds ${roots.join(", ")} and nothing else, '/r2${path}'`);
      return;
    }
    let listing = this.#listing.get(root);
    if (!listing) this.#listing.set(root, (listing = this.#list(root)));
    await listing;
  }

  async #list(root: string): Promise<void> {
    let cursor: string | null = null;
    let seen = 0;
    do {
      const page: Listed = await this.#ask("list", `${root}/`, ...(cursor === null ? [] : [cursor]));
      seen += page.files.length;
      if (seen > this.#caps.maxSeen)
        throw new Error(
          `EMFILE: more than ${this.#caps.maxSeen} files, '/r2/${root}' (limits.computer.simulated.maxSeen)`,
        );
      for (const file of page.files) this.#add(file);
      ({ cursor } = page);
    } while (cursor !== null);
  }

  #add(file: Listed["files"][number]): void {
    const path = `/${file.path}`;
    const known: Known = {
      etag: file.etag,
      sizeBytes: file.sizeBytes,
      changedAt: file.updatedAt,
      lazy: async () => {
        if (file.sizeBytes > this.#caps.filesBytes) throw new Error(`EFBIG: file too large, '/r2${path}'`);
        const { bytes } = await this.#ask<{ bytes: Uint8Array }>("read", file.path);
        known.bytes = bytes;
        return bytes;
      },
    };
    this.#known.set(path, known);
    this.writeFileLazy(path, known.lazy, { mtime: new Date(file.updatedAt) });
  }

  /** The function behind a file that nobody has read or written yet. */
  #untouched(path: string): (() => unknown) | null {
    const entry = (this["data"] as unknown as Map<string, { lazy?: () => unknown } | DirectoryEntry>).get(path);
    return entry && "lazy" in entry ? (entry.lazy ?? null) : null;
  }

  /** Without reading a file only to know its size. */
  #sized(path: string): FsStat | null {
    const lazy = this.#untouched(path);
    const known = lazy && [...this.#known.values()].find((one) => one.lazy === lazy);
    if (!known) return null;
    const mtime = new Date(known.changedAt);
    return { isFile: true, isDirectory: false, isSymbolicLink: false, mode: 0o644, size: known.sizeBytes, mtime };
  }

  override async stat(path: string): Promise<FsStat> {
    await this.#ready(path);
    return this.#sized(path) ?? super.stat(path);
  }
  override async lstat(path: string): Promise<FsStat> {
    await this.#ready(path);
    return this.#sized(path) ?? super.lstat(path);
  }
  override async readFile(...args: Parameters<InMemoryFs["readFile"]>) {
    await this.#ready(args[0]);
    return super.readFile(...args);
  }
  override async readFileBytes(path: string) {
    await this.#ready(path);
    return super.readFileBytes(path);
  }
  override async readFileBuffer(path: string) {
    await this.#ready(path);
    return super.readFileBuffer(path);
  }
  override async writeFile(path: string, content: FileContent, options?: Parameters<InMemoryFs["writeFile"]>[2]) {
    await this.#ready(path, true);
    return super.writeFile(path, content, options);
  }
  override async appendFile(path: string, content: FileContent, options?: Parameters<InMemoryFs["appendFile"]>[2]) {
    await this.#ready(path, true);
    return super.appendFile(path, content, options);
  }
  override async exists(path: string) {
    await this.#ready(path);
    return super.exists(path);
  }
  override async mkdir(...args: Parameters<InMemoryFs["mkdir"]>) {
    await this.#ready(args[0], true);
    return super.mkdir(...args);
  }
  override async readdir(path: string) {
    await this.#ready(path);
    return super.readdir(path);
  }
  override async readdirWithFileTypes(path: string) {
    await this.#ready(path);
    return super.readdirWithFileTypes(path);
  }
  override async rm(path: string, options?: RmOptions) {
    await this.#ready(path);
    return super.rm(path, options);
  }
  override async cp(...args: Parameters<InMemoryFs["cp"]>) {
    await this.#ready(args[0]);
    await this.#ready(args[1], true);
    return super.cp(...args);
  }
  override async mv(from: string, to: string) {
    await this.#ready(from);
    await this.#ready(to, true);
    return super.mv(from, to);
  }
  override async chmod(path: string, mode: number) {
    await this.#ready(path);
    return super.chmod(path, mode);
  }
  override async realpath(path: string) {
    await this.#ready(path);
    return super.realpath(path);
  }
  override async utimes(...args: Parameters<InMemoryFs["utimes"]>) {
    await this.#ready(args[0]);
    return super.utimes(...args);
  }
  override async symlink(_target: string, link: string): Promise<void> {
    throw new Error(`EPERM: the person's files hold no links, symlink '/r2${link}'`);
  }
  override async link(_from: string, to: string): Promise<void> {
    throw new Error(`EPERM: the person's files hold no links, link '/r2${to}'`);
  }

  /** Writes and removes what is different from what was there. What could not be saved, each in a line. */
  async save(): Promise<string[]> {
    const writes: (() => Promise<unknown>)[] = [];
    const here = new Set<string>();
    for (const path of this.getAllPaths()) {
      const known = this.#known.get(path);
      const lazy = this.#untouched(path);
      if (lazy && lazy === known?.lazy) {
        here.add(path);
        continue;
      }
      if (!(await super.stat(path)).isFile) continue;
      here.add(path);
      const bytes = await super.readFileBuffer(path);
      if (known?.bytes && same(known.bytes, bytes)) continue;
      const based = known ? [{ basedOn: known.etag }] : [];
      writes.push(() => this.#ask("write", path.slice(1), bytes, ...based));
    }
    const removals = [...this.#known]
      .filter(([path]) => !here.has(path))
      .map(
        ([path, { etag }]) =>
          () =>
            this.#ask("remove", path.slice(1), { basedOn: etag }),
      );
    // First what is new: an end in between leaves a moved file twice and never not at all.
    return [...(await all(writes)), ...(await all(removals))];
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at]);

/** A few at a time; the messages of those that failed. */
async function all(tasks: (() => Promise<unknown>)[]): Promise<string[]> {
  const failed: string[] = [];
  for (let at = 0; at < tasks.length; at += 4) {
    const ended = await Promise.allSettled(tasks.slice(at, at + 4).map((task) => task()));
    for (const one of ended)
      if (one.status === "rejected") failed.push(one.reason instanceof Error ? one.reason.message : "it was not saved");
  }
  return failed;
}
