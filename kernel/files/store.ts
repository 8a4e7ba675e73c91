import { and, asc, desc, eq, gt, gte, lt, or } from "drizzle-orm";
import { drizzle, type DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import { tellChange } from "./changes.ts";
import { FileVersion } from "./history.ts";
import { file, filePending, fileVersion } from "./schema.ts";
import { FileInfo } from "./types.ts";

/** A version about to be written down; its number is found here. */
export type NewVersion = Omit<FileVersion, "n" | "tombstone">;

/** The index of a person's files. All calls are synchronous SQLite; nothing here awaits. */
export class FileStore {
  #db: DrizzleSqliteDODatabase;
  #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#db = drizzle(storage);
  }

  get(path: string): FileInfo | null {
    const row = this.#db.select().from(file).where(eq(file.path, path)).get();
    return row ? FileInfo.parse(row) : null;
  }

  lastVersion(path: string): number {
    const row = this.#db
      .select({ n: fileVersion.n })
      .from(fileVersion)
      .where(eq(fileVersion.path, path))
      .orderBy(desc(fileVersion.n))
      .get();
    return row?.n ?? 0;
  }

  /** A new version, the file's row and the end of what was pending, in one transaction. */
  commit(path: string, version: NewVersion, etag: string): FileInfo {
    const info = this.#db.transaction((tx) => {
      const n = this.lastVersion(path) + 1;
      tx.insert(fileVersion)
        .values({ ...version, path, n })
        .run();
      const { sizeBytes, mediaType, sha256, at } = version;
      const row = { sizeBytes, mediaType, sha256, version: n, etag, updatedAt: at };
      tx.insert(file)
        .values({ path, ...row })
        .onConflictDoUpdate({ target: file.path, set: row })
        .run();
      tx.delete(filePending).where(eq(filePending.path, path)).run();
      return { path, ...row };
    });
    tellChange(this.#storage, { path, thread: null, etag });
    return info;
  }

  /** A removal: the row goes, the history gets a tombstone. */
  bury(path: string, by: { author: string; at: number; thread: string | null; turn: string | null }): void {
    const known = this.get(path);
    this.#db.transaction((tx) => {
      if (known) {
        const { sha256, mediaType } = known;
        tx.insert(fileVersion)
          .values({ ...by, path, n: this.lastVersion(path) + 1, sha256, mediaType, sizeBytes: 0, tombstone: true })
          .run();
        tx.delete(file).where(eq(file.path, path)).run();
      }
      tx.delete(filePending).where(eq(filePending.path, path)).run();
    });
    if (known) tellChange(this.#storage, { path, thread: null, etag: null });
  }

  /** Written before R2 is touched, so that a crash in between is noticed. */
  begin(path: string): void {
    this.#db.insert(filePending).values({ path }).onConflictDoNothing().run();
  }

  settled(path: string): void {
    this.#db.delete(filePending).where(eq(filePending.path, path)).run();
  }

  pending(limit: number): string[] {
    const rows = this.#db.select().from(filePending).orderBy(asc(filePending.path)).limit(limit).all();
    return rows.map((row) => row.path);
  }

  list(within: string, after: string, limit: number): FileInfo[] {
    // "0" follows "/" in byte order: this is every path that starts with `within/`.
    const below = and(gte(file.path, `${within}/`), lt(file.path, `${within}0`));
    const rows = this.#db
      .select()
      .from(file)
      .where(and(gt(file.path, after), or(eq(file.path, within), below)))
      .orderBy(asc(file.path))
      .limit(limit)
      .all();
    return rows.map((row) => FileInfo.parse(row));
  }

  versions(path: string, limit: number): FileVersion[] {
    const rows = this.#db
      .select()
      .from(fileVersion)
      .where(eq(fileVersion.path, path))
      .orderBy(desc(fileVersion.n))
      .limit(limit)
      .all();
    return rows.map((row) => FileVersion.parse(row));
  }
}
