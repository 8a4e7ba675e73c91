import { desc } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { file } from "./schema.ts";
import { FileInfo } from "./types.ts";

/** The person's own files that changed last, newest first, as the index has them. */
export function newestFiles(storage: DurableObjectStorage, limit: number): FileInfo[] {
  const rows = drizzle(storage).select().from(file).orderBy(desc(file.updatedAt)).limit(limit).all();
  return rows.map((row) => FileInfo.parse(row));
}
