import type { Prepare } from "./database.ts";
import { FileRecord } from "./records.ts";

/** Files of chat, bytes and all; a file whose upload key is set has no bytes yet. */
export class FileStore {
  readonly #sql: Prepare;

  constructor(prepare: Prepare) {
    this.#sql = prepare;
  }

  put(file: FileRecord): void {
    this.#sql(
      `INSERT INTO files (id, upload_key, data) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET upload_key = excluded.upload_key, data = excluded.data`,
    ).run(file.id, file.uploadKey, JSON.stringify(file));
  }

  setBytes(id: string, bytes: Uint8Array): void {
    this.#sql("UPDATE files SET bytes = ? WHERE id = ?").run(bytes, id);
  }

  get(id: string): FileRecord | null {
    const row = this.#sql("SELECT data FROM files WHERE id = ?").get(id);
    return row === undefined ? null : FileRecord.parse(JSON.parse(String(row.data)));
  }

  awaiting(uploadKey: string): FileRecord | null {
    const row = this.#sql("SELECT data FROM files WHERE upload_key = ?").get(uploadKey);
    return row === undefined ? null : FileRecord.parse(JSON.parse(String(row.data)));
  }

  /** Null while nothing was uploaded. */
  bytes(id: string): Uint8Array<ArrayBuffer> | null {
    const bytes = this.#sql("SELECT bytes FROM files WHERE id = ?").get(id)?.bytes;
    return bytes instanceof Uint8Array ? new Uint8Array(bytes) : null;
  }
}
