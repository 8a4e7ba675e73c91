import { z } from "zod";
import { limits } from "../../../limits.ts";
import type { BoxName } from "../types.ts";

/** A part of a Durable Object's storage: what a simulated box keeps is small, so it needs no bucket. */
export interface KeptStorage {
  get<T>(key: string): Promise<T | undefined>;
  put<T>(entries: Record<string, T>): Promise<void>;
  delete(keys: string[]): Promise<number>;
}

export const Session = z.object({ cwd: z.string(), env: z.record(z.string(), z.string()), usedAt: z.number() });
export type Session = z.infer<typeof Session>;
const Sessions = z.record(z.string(), Session);
const Chunks = z.number().int().nonnegative();

/** A value of a Durable Object is at most 2 MB: https://developers.cloudflare.com/durable-objects/platform/limits/ */
const chunkBytes = 1024 * 1024;
const { maxSessions } = limits.computer.simulated;

/** What one simulated box keeps: its tree, and where its sessions are. */
export class KeptStore {
  readonly #storage: KeptStorage;
  readonly #at: string;

  constructor(storage: KeptStorage, name: BoxName) {
    this.#storage = storage;
    this.#at = `simulated/${name}`;
  }

  /** Empty for a new box. */
  async tree(): Promise<Uint8Array> {
    const chunks = Chunks.parse((await this.#storage.get(`${this.#at}/tree`)) ?? 0);
    return this.#read("tree", chunks);
  }

  async saveTree(bytes: Uint8Array): Promise<void> {
    const before = Chunks.parse((await this.#storage.get(`${this.#at}/tree`)) ?? 0);
    const { entries, chunks } = this.#chunked("tree", bytes);
    await this.#storage.put({ ...entries, [`${this.#at}/tree`]: chunks });
    await this.#drop("tree", chunks, before);
  }

  async session(name: string): Promise<Session | null> {
    return (await this.#sessions())[name] ?? null;
  }

  /** The ones that nobody used for the longest time make room. */
  async saveSession(name: string, session: Session): Promise<void> {
    const all = Object.entries({ ...(await this.#sessions()), [name]: session });
    const kept = all.toSorted(([, a], [, b]) => b.usedAt - a.usedAt).slice(0, maxSessions);
    await this.#storage.put({ [`${this.#at}/sessions`]: Object.fromEntries(kept) });
  }

  async #sessions(): Promise<Record<string, Session>> {
    return Sessions.parse((await this.#storage.get(`${this.#at}/sessions`)) ?? {});
  }

  /** The tree and where its sessions were. */
  async forget(): Promise<void> {
    const chunks = Chunks.parse((await this.#storage.get(`${this.#at}/tree`)) ?? 0);
    await this.#storage.delete([`${this.#at}/tree`, `${this.#at}/sessions`]);
    await this.#drop("tree", 0, chunks);
  }

  #chunked(what: string, bytes: Uint8Array): { entries: Record<string, unknown>; chunks: number } {
    const chunks = Math.ceil(bytes.byteLength / chunkBytes);
    const entries: Record<string, unknown> = {};
    for (let n = 0; n < chunks; n += 1)
      entries[`${this.#at}/${what}/${n}`] = bytes.slice(n * chunkBytes, (n + 1) * chunkBytes);
    return { entries, chunks };
  }

  async #read(what: string, chunks: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let n = 0; n < chunks; n += 1)
      parts.push(z.instanceof(Uint8Array).parse(await this.#storage.get(`${this.#at}/${what}/${n}`)));
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.byteLength;
    }
    return all;
  }

  async #drop(what: string, from: number, to: number): Promise<void> {
    const keys = Array.from({ length: Math.max(0, to - from) }, (_, n) => `${this.#at}/${what}/${from + n}`);
    if (keys.length > 0) await this.#storage.delete(keys);
  }
}
